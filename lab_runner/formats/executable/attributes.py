"""Attributes of a fence as runme writes them: `{"name": "x"}` or `{ name=x }`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

INFO = re.compile(r"[{.\s]*(?P<language>[\w.+#-]*)[ \t]*(?P<rest>.*)")
PAIR = re.compile(r"""([A-Za-z][\w-]*)[ \t]*=[ \t]*("[^"]*"|'[^']*'|[^\s,{}"']+)""")
TRUE = ("true", "yes", "1")


@dataclass(frozen=True, slots=True)
class Attributes:
    """The language of a fence, and what else it says; `flaw` is what cannot be read."""

    language: str
    values: Mapping[str, str] = field(default_factory=dict)
    flaw: str = ""

    def text(self, key: str) -> str:
        return self.values.get(key, "")

    def is_set(self, key: str) -> bool:
        return self.text(key).lower() in TRUE


def read(info: str) -> Attributes:
    """Read the info string of a fence."""
    match = INFO.match(info)
    language, rest = (match["language"].lower(), match["rest"]) if match else ("", "")
    if not rest.startswith("{") or not re.search("[=:]", rest):
        return Attributes(language)
    values = _json(rest)
    if values is None:
        values = {key: value.strip("\"'") for key, value in PAIR.findall(rest)}
        left = PAIR.sub("", rest).strip("{} \t,")
        return Attributes(language, values, rest if left else "")
    return Attributes(language, values)


def _json(text: str) -> dict[str, str] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return {key: _plain(value) for key, value in found.items()}


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
