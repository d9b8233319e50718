"""Output and help that stand in a block of commands without any prompt."""

from __future__ import annotations

import re

from lab_runner.formats.tutorial.prompts import is_elsewhere
from lab_runner.formats.tutorial.words import PROSE, is_known

TABLE = re.compile(
    r"[A-Z][A-Z0-9_-]+(?:[ \t][A-Z][A-Z0-9_-]*)?(?:[ ]{2,}|\t)[ \t]*[A-Z]"
)
PRINTED = re.compile(
    r"[ \t]*(?:[A-Z][\w/.'\u2019-]*(?=[\s!.,:?]|$)|[\w./-]+:[ \t]|[0-9a-f]{12,64}$"
    r"|\d+[\s.:)%]|[^\x00-\x7f]|[d-][rwxsStT-]{9}|total \d+$|[\[{][\x22{])"
)
SENTENCE = re.compile(r"\w\.$")
HELP = re.compile(
    r"[ \t]*(?:usage:|(?:name|version|description|(?:global |management |common "
    r"|available )?(?:options|flags|commands)|aliases|examples):[ \t]*$)",
    re.IGNORECASE,
)


def begins_help(line: str) -> bool:
    return bool(HELP.match(line))


def is_printed(line: str) -> bool:
    """Tell whether a line is printed by a command, or typed into something else."""
    if is_elsewhere(line) or TABLE.match(line):
        return True
    if is_known(line):
        is_said = line.lstrip().startswith(("echo ", "printf "))
        return bool(SENTENCE.search(line) and PROSE.search(line)) and not is_said
    return bool(PRINTED.match(line))


def open_quote(line: str, quote: str) -> str:
    """Return the quote that is open after a line which begins inside `quote`, if any."""
    skips = False
    for character in line:
        if skips:
            skips = False
        elif character == "\\" and quote != "'":
            skips = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "#":
            return ""
    return quote
