"""The commands of a learner's shells: one JSON object a line, in the lab's folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab_runner.recording.lines import Lines
from lab_runner.state import StateFolder, state_folder

SUFFIX = ".commands.jsonl"
LIMIT = 64 << 20


@dataclass(frozen=True, slots=True)
class Command:
    """One command line as it was run.

    `command` is empty where the shell does not tell it for sure, `exit` None where it
    is not known; `directory` is where it began, `start` and `end` are seconds since
    1970 (UTC), `step` is the learner's step when it began, empty after the last one.
    """

    command: str
    exit: int | None
    directory: str
    start: float
    end: float
    machine: str
    lab: str
    step: str


def folder_of(lab: str) -> StateFolder:
    """Return where the recordings of a lab lie, by the key its progress has."""
    state = state_folder()
    return StateFolder(state.path / "recordings" / lab, state.owner)


def write(lines: Lines, command: Command) -> None:
    if lines.size < LIMIT:
        lines.append(json.dumps(asdict(command), ensure_ascii=False))


def mark(lines: Lines, machine: str) -> None:
    """Note that a shell of this machine tells its commands from now on."""
    lines.append(json.dumps({"watched": machine}))


def watched(lab: str) -> set[str]:
    """Return the machines of a lab on which a shell told its commands."""
    marks = (_object(line) for path in _journals(lab) for line in _lines(path))
    return {str(each["watched"]) for each in marks if "watched" in each}


def read(lab: str) -> list[Command]:
    """Return the recorded commands of a lab, oldest first; raises OSError.

    A line that is cut, as by a full disk, is passed over.
    """
    found = [
        command
        for path in _journals(lab)
        for line in _lines(path)
        if (command := _command(line))
    ]
    return sorted(found, key=lambda command: command.start)


def _journals(lab: str) -> Iterator[Path]:
    return folder_of(lab).path.glob(f"*{SUFFIX}")


def _lines(path: Path) -> list[str]:
    return path.read_text(errors="replace").split("\n")


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _command(line: str) -> Command | None:
    try:
        command = Command(**_object(line))
    except TypeError:
        return None
    texts = (command.command, command.directory, command.machine, command.step)
    times = (command.start, command.end)
    is_sound = all(isinstance(each, str) for each in texts) and all(
        isinstance(each, int | float) for each in times
    )
    return command if is_sound else None
