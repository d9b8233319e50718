"""The commands of a step: those a shell told, and those the kernel told beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks import watched
from checks.doors.witness import Record, Witness
from checks.errors import CheckError
from checks.watched import Watched

# What shells do themselves, so that no program begins.
BUILTINS = """
. : [ alias bg bind builtin caller cd command declare dirs disown echo eval exec exit
export false fc fg getopts hash help history jobs kill let local logout popd printf
pushd pwd read readonly set shift shopt source suspend test times trap true type
typeset ulimit umask unalias unset wait
"""
TYPE_IT = "run it in `labrun shell`, in a bash or zsh that is recorded"


@dataclass(frozen=True, slots=True)
class Commands:
    """What was run, oldest first; `since` is when the step began.

    A record has `command`, `exit`, `directory` and `start`, as a recorded shell tells.
    """

    records: Sequence[Record]
    since: float
    is_told: bool
    programs: Watched

    def require_whole(self, program: str) -> None:
        """Raise CheckError where this program could have been run unseen.

        It is empty where any could be meant.
        """
        if self.is_told:
            return
        if not self.programs.marks:
            message = "nobody recorded what was run on this machine"
            raise CheckError(message, TYPE_IT)
        self.programs.require_whole(self.since)
        if not program or program in BUILTINS.split():
            message = "a command of the shell itself would not be seen by the kernel"
            raise CheckError(message, TYPE_IT)
        unseen = (not each["fields"]["command"] for each in self._during)
        if any(unseen):
            message = "a program of this step ended before it could be looked at"
            raise CheckError(message, TYPE_IT)

    @property
    def _during(self) -> list[Record]:
        return [each for each in self.programs.events if each["time"] >= self.since]


def commands(witness: Witness | None) -> Commands:
    """Return what was run on a machine; raises CheckError where no step was shown."""
    if witness is None:
        raise CheckError(
            "what was run is known only of a step that was shown",
            "take the lab: `labrun next`",
        )
    told = witness.witnessed("command")
    programs = watched.account(witness, "kernel")
    seen = [
        {**each["fields"], "start": each["time"]}
        for each in programs.events
        if each["fields"]["command"]
    ]
    records = sorted([*(told or ()), *seen], key=lambda each: float(each["start"]))
    return Commands(records, witness.since, told is not None, programs)
