"""One recording: what a shell's terminal shows, and the commands run in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePath

from lab_runner.errors import LabrunError
from lab_runner.recording import bash, commands
from lab_runner.recording.asciicast import Cast
from lab_runner.recording.lines import Lines
from lab_runner.recording.marks import Shells

ZDOTDIR = Path(__file__).parent / "zdotdir"


class Recorder:
    """Is told by the relay what happens; a recording that fails stops only itself."""

    def __init__(self, cast: Cast, journal: Lines, shells: Shells) -> None:
        self._cast = cast
        self._journal = journal
        self._shells = shells

    @property
    def path(self) -> Path:
        return self._cast.path

    @property
    def fault(self) -> str:
        """Why it could not be written to the end, or an empty text."""
        return self._cast.fault or self._journal.fault

    @property
    def has_commands(self) -> bool:
        """Whether the shell has told of its commands."""
        return self._shells.are_told

    def shown(self, data: bytes) -> None:
        self._cast.output(data)

    def resized(self, rows: int, columns: int) -> None:
        self._cast.resize(rows, columns)

    def typed(self, keys: bytes) -> None:
        self._shells.typed.add(keys)

    def started(self, process: str, fields: Sequence[str]) -> None:
        self._shells.started(process, fields, time.time())

    def prompted(self, process: str, fields: Sequence[str]) -> None:
        was_told = self.has_commands
        command = self._shells.prompted(process, fields, time.time())
        if self.has_commands and not was_told:
            commands.mark(self._journal, self._shells.machine)
        if command:
            commands.write(self._journal, command)

    def close(self) -> None:
        self._cast.close()
        self._journal.close()


def begin(
    lab: str,
    machine: str,
    step: Callable[[], str],
    *,
    size: tuple[int, int],
    title: str,
    env: Mapping[str, str],
) -> Recorder:
    """Make the two files of a recording in the lab's folder; `size` is rows, columns.

    Raises LabrunError when they cannot be made.
    """
    folder = commands.folder_of(lab)
    stem = folder.make() / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    try:
        cast = Lines(stem.with_name(f"{stem.name}.cast"), folder)
        journal = Lines(stem.with_name(f"{stem.name}{commands.SUFFIX}"), folder)
    except OSError as error:
        raise LabrunError(
            f"nothing can be recorded in `{folder.path}`: {error.strerror}",
            "`labrun shell --no-record`",
        ) from None
    shells = Shells(machine, lab, step)
    return Recorder(Cast(cast, size, title, env), journal, shells)


def environment(shell: str, token: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make a shell tell its commands, where it can.

    `given` is the environment that the shell gets otherwise.
    """
    match PurePath(shell).name:
        case "bash":
            return bash.environment(token, given)
        case "zsh":
            own = given.get("ZDOTDIR", "")
            return {"ZDOTDIR": str(ZDOTDIR), "LABRUN_ZDOTDIR": own}
    return {}
