"""The kind `content`: a blob in containerd's content store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from checks.containerd.connect import check_place, connect, ctr
from checks.containerd.findings import Named, judge
from checks.containerd.missing import missing
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.findings import facts, labels
from checks.matchers import Matcher
from checks.verdict import Verdict, passed
from checks.vocabulary import check_numbers

if TYPE_CHECKING:
    from checks.containerd.client import Containerd
    from checks.containerd.proto import content_pb2

DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Content:
    """A blob that a namespace has in the content store, by its whole digest.

        - content: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
          size: {at_least: 1}

    Manifests, configurations and packed layers are blobs.
    """

    FACTS: ClassVar = ("digest", "size")

    content: str
    """Its digest in full."""
    namespace: str | None = None
    size: Matcher | None = None
    """In bytes."""
    labels: Mapping[str, Matcher] | None = None
    exists: bool = True
    address: str | None = None

    def __post_init__(self) -> None:
        if not DIGEST.fullmatch(self.content):
            raise SpecError(
                f"`content`: `{self.content}` is not a whole digest",
                "write `sha256:` and 64 hexadecimal digits",
                path=("content",),
            )
        check_place(self.namespace, self.address)
        check_numbers("size", self.size)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address, self.namespace)
        wanted = Named("content", self.content, client.namespace)
        content = client.content(client.namespace, self.content)
        if content is not None:
            return self._found(client, wanted, content)
        return self._missing(client, wanted) if self.exists else passed(wanted.absent)

    def _found(
        self, client: Containerd, wanted: Named, content: content_pb2.Info
    ) -> Verdict:
        found = facts(digest=content.digest, size=content.size)
        properties = [
            ("size", self.size, content.size),
            *labels(self.labels, content.labels),
        ]
        removal = ctr(client, client.namespace, "content", "rm", self.content)
        return judge(wanted, found, properties, exists=self.exists, removal=removal)

    def _missing(self, client: Containerd, wanted: Named) -> Verdict:
        return missing(
            client,
            wanted,
            hint=ctr(client, client.namespace, "content", "ls"),
            find=lambda other, namespace: other.content(namespace, self.content),
        )
