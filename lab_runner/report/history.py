"""How recorded commands are listed: pure functions from commands to text and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from typing import Any

from lab_runner.characters import one_line
from lab_runner.recording.commands import Command
from lab_runner.report.style import Style

HEADINGS = ("TIME", "EXIT", "DIRECTORY", "COMMAND")
NONE = "No command has been recorded. `labrun shell` records those you run in it."
UNKNOWN = "-"


def fields(command: Command) -> dict[str, Any]:
    """Return a command for JSON, with its times in UTC (ISO 8601)."""
    times = {
        name: datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
        for name, seconds in (("start", command.start), ("end", command.end))
    }
    return {**asdict(command), **times}


def table(commands: Sequence[Command], style: Style, zone: tzinfo | None = None) -> str:
    """List commands, oldest first; `zone` is the reader's, by default the host's."""
    if not commands:
        return NONE
    rows = [HEADINGS, *(_row(each, zone) for each in commands)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    head, *lines = (_line(row, widths) for row in rows)
    return "\n".join([style.paint(head, "bold"), *lines])


def _row(command: Command, zone: tzinfo | None) -> tuple[str, ...]:
    start = datetime.fromtimestamp(command.start, UTC).astimezone(zone)
    code = UNKNOWN if command.exit is None else str(command.exit)
    directory, text = one_line(command.directory), one_line(command.command)
    return f"{start:%Y-%m-%d %H:%M:%S}", code, directory, text or UNKNOWN


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
    return "  ".join([*cells, row[-1]])
