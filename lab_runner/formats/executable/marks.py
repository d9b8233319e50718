"""What tells that Markdown was written for a program that runs it."""

from __future__ import annotations

import re

KEYS = (
    "name|background|interactive|excludeFromRunAll|ignore|cwd|interpreter|promptEnv"
    "|mimeType|mimetype|closeTerminalOnSuccess|openTerminalOnSuccess|terminalRows"
    "|skipPrompts|tag|category|transform"
)
RUNME = re.compile(
    r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*[\w+-]+[ \t]*\{(?:[^}\n]*[\s,])?"
    rf"[\"']?(?:{KEYS})[\"']?[ \t]*[=:]|\A---\n(?:[^\n]*\n){{0,40}}?runme:",
    re.MULTILINE,
)
SIMILARITY = re.compile(r"<!--[ \t]*expected_similarity\b")
CODELAB = re.compile(
    r"^##[ \t][^\n]*\n\s{0,9}Duration:[ \t]*\d"
    r"|\A(?:---\n)?(?:[a-zA-Z][^\n:]{0,40}:[^\n]*\n){0,20}"
    r"(?:feedback link|environments|analytics account):",
    re.MULTILINE | re.IGNORECASE,
)


def is_codelab(text: str) -> bool:
    return CODELAB.search(text) is not None


def is_tested(text: str) -> bool:
    """Tell whether the text says what its commands print, as InnovationEngine does."""
    return SIMILARITY.search(text) is not None


def is_executable(text: str) -> bool:
    """Tell whether a text has the marks of any program that runs documents."""
    return is_codelab(text) or is_tested(text) or RUNME.search(text) is not None
