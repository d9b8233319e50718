"""Commands in a fence: all of it, or in a transcript what stands behind a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator

PROMPT = re.compile(r"(?:[\w.-]+@[\w.-]+:\S*)?[$#] (.*)")
CONTINUED = "> "


def text(held: str, *, is_console: bool) -> str:
    """Return the shell text of a fence, without prompts and output.

    A `bash` fence whose first line begins with `$ ` is a transcript as well.
    """
    held = held.strip("\n")
    if is_console or held.lstrip().startswith("$ "):
        return "\n".join(_typed(held.split("\n")))
    return held.rstrip()


def _typed(lines: list[str]) -> Iterator[str]:
    is_open = False
    for line in lines:
        prompt = PROMPT.match(line.lstrip())
        if prompt:
            yield (typed := prompt[1])
        elif is_open and line.startswith(CONTINUED):
            yield (typed := line.removeprefix(CONTINUED))
        elif is_open and typed.endswith("\\"):
            yield (typed := line)
        else:
            is_open = False
            continue
        is_open = True
