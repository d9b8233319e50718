"""The kind `runc`: a container that runc keeps."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar

from checks import matchers
from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.matchers import Matcher
from checks.oci import runtime
from checks.oci.runtime import DEFAULT_ROOT, State
from checks.verdict import Verdict, failed, passed
from checks.vocabulary import check_words

RUNNING = matchers.equals("running")
STATUSES = ("created", "running", "paused", "stopped")
# What takes a container from the status it has to the one that is wanted.
REMEDIES = {
    ("created", "running"): "start {}",
    ("created", "stopped"): "kill {} KILL",
    ("running", "paused"): "pause {}",
    ("running", "stopped"): "kill {} KILL",
    ("paused", "running"): "resume {}",
}


@dataclass(frozen=True, slots=True)
class Runc:
    """A container that runc keeps, by its exact ID.

        - runc: mycontainer
          status: running

    A container that has stopped stays until somebody deletes it.
    """

    FACTS: ClassVar = ("id", "pid", "status", "bundle", "root")
    WORDS: ClassVar = {"status": STATUSES}

    runc: str
    """Its ID."""
    status: Matcher = RUNNING
    """What it is doing."""
    root: str = DEFAULT_ROOT
    """runc's state directory; containerd's containers are in
    `/run/containerd/runc/NAMESPACE`, Docker's in `/run/docker/runtime-runc/moby`."""
    bundle: Matcher | None = None
    """The directory that the container was made from."""
    exists: bool = True
    """`false` asks that there is no such container, not even a stopped one."""

    def __post_init__(self) -> None:
        if not self.root.startswith("/"):
            message = f"`root`: `{self.root}` is not an absolute path"
            raise SpecError(message, path=("root",))
        check_words("status", self.status, STATUSES)

    def run(self, machine: Machine) -> Verdict:
        found = runtime.state(machine, self.root, self.runc)
        if found is None:
            return self._missing(machine)
        summary, facts = f"Container `{self.runc}` is {found.status}", asdict(found)
        if not self.exists:
            hint = self._command(f"delete --force {self.runc}")
            return failed(summary, expected="none", hint=hint, facts=facts)
        from_bundle = f"{summary}, from bundle `{found.bundle}`"
        for said, wanted, actual in (
            (summary, self.status, found.status),
            (from_bundle, self.bundle, found.bundle),
        ):
            if wanted and not wanted.accepts(actual):
                return failed(
                    said,
                    expected=wanted.describe(),
                    actual=actual,
                    hint=self._remedy(found),
                    facts=facts,
                )
        return passed(from_bundle, facts)

    def _missing(self, machine: Machine) -> Verdict:
        summary = f"There is no container `{self.runc}` in runc's `{self.root}`"
        if not self.exists:
            return passed(summary)
        others = runtime.elsewhere(machine, self.root, self.runc)
        instead = "".join(f", there is one in `{root}`" for root in others)
        return failed(summary + instead, hint=self._creation())

    def _remedy(self, found: State) -> str:
        change = (found.status, self.status.literal or "")
        if change in REMEDIES:
            return self._command(REMEDIES[change].format(self.runc))
        # What has stopped, or runs from another bundle, can only be made anew.
        return f"{self._command(f'delete --force {self.runc}')} && {self._creation()}"

    def _creation(self) -> str:
        bundle = (self.bundle and self.bundle.literal) or "BUNDLE"
        return self._command(f"run --detach --bundle {bundle} {self.runc}")

    def _command(self, words: str) -> str:
        root = "" if self.root == DEFAULT_ROOT else f"--root {self.root} "
        return f"runc {root}{words}"
