"""A fake containerd that offers CRI as well, for tests of its kinds."""

import json

from fake_containerd import FakeContainerd
from grpc_server import Refusal

from checks.containerd.connect import DEFAULT_ADDRESS
from checks.cri import client
from checks.cri.proto.image_pb2 import Image
from checks.cri.proto.runtime_pb2 import RuntimeCondition

ID = "sha256:" + "ab" * 32
READS = {
    read.method: read for read in vars(client).values() if isinstance(read, client.Read)
}


class FakeCri(FakeContainerd):
    """Answers what was put into it; `refusals` are by method and come first."""

    def __init__(self, path):
        self.conditions = {}
        self.answers("RuntimeReady")
        self.answers("NetworkReady")
        self.config = json.dumps({"cni": {"confDir": "/etc/cni/net.d"}})
        self.known = {}
        self.sockets = {DEFAULT_ADDRESS: str(path)}
        super().__init__(path)

    def answers(self, condition, reason="", message=""):
        """Have a condition hold, unless there is a reason why it does not."""
        self.conditions[condition] = RuntimeCondition(
            type=condition, status=not reason, reason=reason, message=message
        )

    def knows(self, *names, tags=(), digests=()):
        """Have CRI answer each of the names with an image."""
        image = Image(id=ID, repo_tags=tags, repo_digests=digests, size=2_000_000)
        self.known.update(dict.fromkeys(names, image))

    def disable(self):
        """Have it answer as a containerd does that has not loaded CRI."""
        unknown = Refusal("UNIMPLEMENTED", "unknown service runtime.v1.RuntimeService")
        self.refusals.update(dict.fromkeys(READS, unknown))

    def _answer(self, method, data, metadata):
        if method not in READS or method in self.refusals:
            return super()._answer(method, data, metadata)
        request = READS[method].request.FromString(data)
        answer = READS[method].answer(**self._fields(method, request))
        return answer.SerializeToString()

    def _fields(self, method, request):
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
