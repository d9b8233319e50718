"""A fake containerd that offers CRI as well, for tests of its kinds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from checks.cri import client
from checks.cri.proto.image_pb2 import Image
from checks.cri.proto.runtime_pb2 import RuntimeCondition
from checks.doors.rpc import Read
from checks.testing.containerd import ContainerdServer
from checks.testing.server import Refusal

ID = "sha256:" + "ab" * 32
READS = {read.method: read for read in vars(client).values() if isinstance(read, Read)}


class CriServer(ContainerdServer):
    """A ContainerdServer with CRI, ready unless told otherwise.

    `config` is what it tells of its configuration, as JSON.
    """

    def __init__(
        self, *, images: Iterable[str] = (), containers: Iterable[str] = ()
    ) -> None:
        self.conditions: dict[str, RuntimeCondition] = {}
        self.answers("RuntimeReady")
        self.answers("NetworkReady")
        self.config = json.dumps({"cni": {"confDir": "/etc/cni/net.d"}})
        self.known: dict[str, Image] = {}
        super().__init__(images=images, containers=containers)

    def answers(self, condition: str, reason: str = "", message: str = "") -> None:
        """Have a condition hold, unless there is a reason why it does not."""
        self.conditions[condition] = RuntimeCondition(
            type=condition, status=not reason, reason=reason, message=message
        )

    def knows(
        self, *names: str, tags: Iterable[str] = (), digests: Iterable[str] = ()
    ) -> None:
        """Have CRI answer each of the names with an image."""
        image = Image(id=ID, repo_tags=tags, repo_digests=digests, size=2_000_000)
        self.known.update(dict.fromkeys(names, image))

    def disable(self) -> None:
        """Have it answer as a containerd does that has not loaded CRI."""
        unknown = Refusal("UNIMPLEMENTED", "unknown service runtime.v1.RuntimeService")
        self.refusals.update(dict.fromkeys(READS, unknown))

    def _answer(
        self, method: str, data: bytes, metadata: dict[str, str]
    ) -> bytes | Iterable[bytes]:
        if method not in READS or method in self.refusals:
            return super()._answer(method, data, metadata)
        request = READS[method].request.FromString(data)
        answer: bytes = (
            READS[method].answer(**self._fields(method, request)).SerializeToString()
        )
        return answer

    def _fields(self, method: str, request: Any) -> dict[str, Any]:
        if method == client.VERSION.method:
            return {
                "runtime_name": "containerd",
                "runtime_version": "1.7.2",
                "runtime_api_version": "v1",
            }
        if method == client.IMAGE.method:
            return {"image": self.known.get(request.image.image)}
        if method == client.IMAGES.method:
            return {"images": self.known.values()}
        info = {"config": self.config} if request.verbose else {}
        return {"status": {"conditions": self.conditions.values()}, "info": info}
