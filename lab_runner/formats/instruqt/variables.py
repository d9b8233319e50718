"""Values that scripts leave for pages: `[[ Instruqt-Var key="X" hostname="h" ]]`."""

from __future__ import annotations

import re

from lab_runner.formats.fences import SHELLS
from lab_runner.formats.foreign import blocks
from lab_runner.formats.foreign.blocks import Fence
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text
from lab_runner.formats.instruqt.helpers import VARIABLES

VARIABLE = re.compile(
    r"\[\[[ \t]*Instruqt-Var[ \t][^\[\]\n]{0,200}?key=[\"']?([\w.-]+)[^\[\]\n]{0,200}\]\]"
)


def replaced(text: Text, notes: Notes) -> Text:
    """Put where a value is found in its place: for a shell a command that reads it."""
    if "Instruqt-Var" not in text.content:
        return text
    typed = _typed(text.content)
    lines = text.content.split("\n")
    for row, line in enumerate(lines):
        for variable in VARIABLE.finditer(line):
            message = f"{named(variable[1])} is known on the machine alone"
            advice = "Say where to find it"
            notes.add("changed", text.source(row + 1), message, advice)
        instead = rf"$(cat {VARIABLES}/\1)" if row in typed else rf"{VARIABLES}/\1"
        lines[row] = VARIABLE.sub(instead, line)
    return Text(text.path, "\n".join(lines))


def _typed(page: str) -> set[int]:
    """Return the numbers, from 0, of the lines of commands."""
    fences = (block for block in blocks.split(page) if isinstance(block, Fence))
    shells = (f for f in fences if re.match(rf"(?:{'|'.join(SHELLS)})\b", f.info))
    return {row for fence in shells for row in range(fence.first, fence.last)}
