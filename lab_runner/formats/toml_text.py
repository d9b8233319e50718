"""TOML as text: what it says, and the line and column of what it does not."""

from __future__ import annotations

import re
from typing import Any

from lab_runner.errors import LabBroken
from lab_runner.model import Problem, Source

WHERE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


def parse(text: str, path: str, example: str) -> dict[str, Any]:
    """Return what the text of a file says; raises LabBroken, with `example` as advice."""
    import tomllib  # noqa: PLC0415  (few commands read any TOML)

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        complaint = str(error)
    except RecursionError:
        complaint = "it is nested too deeply"
    place = WHERE.search(complaint)
    line, column = (int(place[1]), int(place[2])) if place and place[1] else (1, 1)
    what = WHERE.sub("", complaint).strip()
    message = f"this is not TOML: {what[:1].lower()}{what[1:]}"
    raise LabBroken([Problem(Source(path, line, column), message, example)])
