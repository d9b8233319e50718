"""The kind `lease`: what keeps content and snapshots from being collected."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from checks.containerd.connect import check_place, connect, ctr
from checks.containerd.findings import Named, judge
from checks.containerd.missing import instead, missing
from checks.doors.machine import Machine
from checks.errors import CheckError
from checks.findings import facts, labels
from checks.matchers import Matcher
from checks.times import ago
from checks.verdict import Facts, Status, Verdict, failed, passed

if TYPE_CHECKING:
    from checks.containerd.client import Containerd
    from checks.containerd.proto import leases_pb2

EXPIRE = "containerd.io/gc.expire"


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease, which keeps content and snapshots from being collected as garbage.

        - lease: keep-busybox
          expires: false

    A lease whose time is over counts as gone, although it is listed until the next
    collection. The facts `created` and `expires` are in seconds since 1970; `expires`
    is null for one that does not end by itself.
    """

    FACTS: ClassVar = ("id", "namespace", "created", "expires")

    lease: str
    """Its id, as `ctr leases ls` shows it."""
    namespace: str | None = None
    labels: Mapping[str, Matcher] | None = None
    expires: bool | None = None
    """Whether it ends by itself."""
    holds: str | None = None
    """The digest of a blob, or the key of a snapshot, that it must keep."""
    exists: bool = True
    address: str | None = None

    def __post_init__(self) -> None:
        check_place(self.namespace, self.address)

    def run(self, machine: Machine) -> Verdict:
        client = connect(machine, self.address, self.namespace)
        wanted = Named("lease", self.lease, client.namespace)
        lease = client.lease(client.namespace, self.lease)
        if lease is not None:
            return self._found(client, wanted, lease)
        return self._missing(client, wanted) if self.exists else passed(wanted.absent)

    def _found(
        self, client: Containerd, wanted: Named, lease: leases_pb2.Lease
    ) -> Verdict:
        expires = _expiry(lease)
        found = facts(
            id=lease.id,
            namespace=client.namespace,
            created=lease.created_at.ToSeconds(),
            expires=expires,
        )
        left = None if expires is None else expires - time.time()
        if left is not None and left <= 0:
            summary = f"{wanted.subject} has expired {ago(-left)}"
            if not self.exists:
                return passed(summary, found)
            return failed(summary, hint=self._create(client), facts=found)
        removal = ctr(client, client.namespace, "leases", "rm", self.lease)
        asked = labels(self.labels, lease.labels)
        verdict = judge(wanted, found, asked, exists=self.exists, removal=removal)
        if verdict.status is not Status.PASSED:
            return verdict
        return self._differs(client, wanted, found) or verdict

    def _differs(
        self, client: Containerd, wanted: Named, found: Facts
    ) -> Verdict | None:
        ends = found["expires"] is not None
        if self.expires is not None and self.expires != ends:
            summary = "ends by itself" if ends else "does not end by itself"
            return failed(f"{wanted.subject} {summary}", facts=found)
        if self.holds is None:
            return None
        held = [each.id for each in client.resources(client.namespace, self.lease)]
        if self.holds in held:
            return None
        said = instead("content or snapshot", held)
        summary = f"{wanted.subject} does not keep `{self.holds}`{said}"
        return failed(summary, facts=found)

    def _missing(self, client: Containerd, wanted: Named) -> Verdict:
        return missing(
            client,
            wanted,
            hint=self._create(client),
            find=lambda other, namespace: other.lease(namespace, self.lease),
            near=lambda: instead("lease", client.leases(client.namespace)),
        )

    def _create(self, client: Containerd) -> str:
        return ctr(client, client.namespace, "leases", "create", "--id", self.lease)


def _expiry(lease: leases_pb2.Lease) -> float | None:
    """Return when a lease ends, from the label that containerd's collector reads."""
    text = lease.labels.get(EXPIRE)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise CheckError(f"when lease `{lease.id}` expires cannot be read") from None
