"""Words that the reader has to fill in, such as `<name>`, `YOUR_TOKEN` or `{{ id }}`."""

from __future__ import annotations

import re

from lab_runner.inference.model import UNKNOWN

# Bash would take the brackets of `<name>` for redirections, so they are hidden from it.
BRACKETED = re.compile(r"(?<![^\s=/:@.,-])<([A-Za-z][\w .:|-]*)>(?![^\s=/:@.,-])")
HIDE = str.maketrans("<> |", "\ue010\ue011\ue012\ue013")
SHOW = str.maketrans("\ue010\ue011\ue012\ue013", "<> |")
HIDDEN = re.compile("\ue010.*?\ue011")
DOCUMENT = re.compile(r"<<-?\s*\\?['\"]?\w")
# A `.` in braces makes them a template of Go, as in `--format '{{.Names}}'`.
OTHERS = re.compile(
    r"\bYOUR[_-]\w+|\{\{(?!\s*(?:end|else)\b)[^.{}]*\}\}|(?<!\w)[Xx]{3,}(?!\w)"
    r"|\[OPTIONS\]|…|(?<!/)\.{3}(?!\S)"
)


def hidden(text: str) -> str:
    """Write `<name>` so that bash takes it for a word; here-documents stay."""
    document = DOCUMENT.search(text)
    end = document.start() if document else len(text)
    return BRACKETED.sub(lambda m: m[0].translate(HIDE), text[:end]) + text[end:]


def shown(text: str) -> str:
    return text.translate(SHOW)


def unknown(word: str) -> str:
    """Put what is not known in place of a placeholder."""
    return HIDDEN.sub(UNKNOWN, word)


def has(text: str) -> bool:
    return bool(HIDDEN.search(text) or BRACKETED.search(text) or OTHERS.search(text))
