"""One unit as systemd describes it, asked for once and by its exact name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from signal import Signals

from checks.doors.machine import Machine
from checks.errors import CheckError, ToolMissing, Unreachable
from checks.host.wording import last_line

PROPERTIES = (
    "LoadState,ActiveState,SubState,UnitFileState,Result,"
    "ExecMainCode,ExecMainStatus,MainPID,NRestarts,"
    "ExecMainStartTimestampMonotonic,NeedDaemonReload,"
    "ConditionResult,ConditionTimestampMonotonic"
)
NOT_RUNNING = ("System has not been booted with systemd", "Failed to connect to bus")
REMEDY = "use a machine that systemd has booted: labrun machine up"
EXITED, KILLED, DUMPED = 1, 2, 3  # CLD_… of waitid(2)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in the words of systemctl(1); a number is 0 where the unit has none.

    `started` counts microseconds since boot; `needs_reload`: its file has changed since
    systemd read it; `is_skipped`: a condition kept it from being started.
    """

    name: str
    load_state: str
    active_state: str
    sub_state: str
    unit_file_state: str
    result: str
    exit_kind: int
    exit: int
    main_pid: int
    restarts: int
    started: int
    needs_reload: bool
    is_skipped: bool

    @property
    def cause(self) -> str:
        """Why it ended last: an exit code, a signal, or systemd's own word."""
        if self.exit_kind == EXITED and self.exit:
            return f"exit code {self.exit}"
        if self.exit_kind in (KILLED, DUMPED):
            with suppress(ValueError):
                return Signals(self.exit).name
        return self.result


def unit(machine: Machine, name: str) -> Unit:
    """Describe a unit; one that systemd does not know has the load state not-found."""
    try:
        result = machine.run(
            ["systemctl", "show", f"--property={PROPERTIES}", "--", name]
        )
    except ToolMissing as error:
        raise ToolMissing(error.message, REMEDY) from None
    if result.exit:
        raise _refused(result.stderr)
    shown = dict(line.partition("=")[::2] for line in result.stdout.splitlines())
    try:
        return Unit(
            name=name,
            load_state=shown["LoadState"],
            active_state=shown["ActiveState"],
            sub_state=shown["SubState"],
            unit_file_state=shown.get("UnitFileState", ""),
            result=shown.get("Result", ""),
            exit_kind=int(shown.get("ExecMainCode", 0)),
            exit=int(shown.get("ExecMainStatus", 0)),
            main_pid=int(shown.get("MainPID", 0)),
            restarts=int(shown.get("NRestarts", 0)),
            started=int(shown.get("ExecMainStartTimestampMonotonic", 0)),
            needs_reload=shown.get("NeedDaemonReload") == "yes",
            is_skipped=_is_skipped(shown),
        )
    except (KeyError, ValueError):
        message = f"what systemctl says about `{name}` cannot be understood"
        raise CheckError(message) from None


def states(machine: Machine) -> dict[str, str]:
    """Return what systemd says of each unit that has a file, or that is not inactive."""
    running, files = _listed(machine, "list-units"), _listed(machine, "list-unit-files")
    found = {name: words[0] for name, *words in files}
    for name, _, activity, sub_state, *_ in running:
        now = f"{activity} ({sub_state})"
        found[name] = f"{now}, {found[name]}" if name in found else now
    return found


def _listed(machine: Machine, what: str) -> list[list[str]]:
    argv = ["systemctl", what, "--no-legend", "--no-pager", "--plain", "--full"]
    try:
        result = machine.run(argv)
    except ToolMissing as error:
        raise ToolMissing(error.message, REMEDY) from None
    if result.exit:
        raise _refused(result.stderr)
    return [line.split() for line in result.stdout.splitlines() if line.strip()]


def _is_skipped(shown: Mapping[str, str]) -> bool:
    # Of a unit that nobody has tried to start, the condition is not met either.
    was_tried = shown.get("ConditionTimestampMonotonic", "0") != "0"
    return was_tried and shown.get("ConditionResult") == "no"


def last_words(machine: Machine, unit: Unit) -> str:
    """Return the last line that a unit's own processes logged since it was started."""
    # Not by `--unit=`, which adds what systemd itself says, and that comes last.
    argv = ["journalctl", "--quiet", "--boot", "--lines=1", "--output=json"]
    with suppress(CheckError, ValueError, KeyError):
        result = machine.run([*argv, "--no-pager", f"_SYSTEMD_UNIT={unit.name}"])
        entry = json.loads(result.stdout)
        said, when = entry["MESSAGE"], int(entry["__MONOTONIC_TIMESTAMP"])
        if when >= unit.started and isinstance(said, str):  # else bytes, as numbers
            return last_line(said)
    return ""


def _refused(stderr: str) -> CheckError:
    if stderr.startswith(NOT_RUNNING):
        return Unreachable("systemd is not running on this machine", REMEDY)
    return CheckError(f"systemctl could not tell: {last_line(stderr)}")
