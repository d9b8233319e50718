"""Commands in a block of a tutorial, told from output, comments, usage and data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from lab_runner.formats.tutorial import output
from lab_runner.formats.tutorial.prompts import ANGLE, PROMPT, ROOT, WINDOWS
from lab_runner.formats.tutorial.words import is_known, reads_like_command

SHELLS = {"bash", "sh", "shell", "zsh", "ksh", "ash", "commandline"}
TRANSCRIPTS = {
    *("console", "terminal", "shell-session", "sh-session", "shellsession"),
    *("bash-session", "session", "term"),
}
UNTOLD = {"", "text", "txt", "plain", "plaintext", "none", "code"}

HERE = re.compile(r"(?<!<)<<(-?)[ \t]*\\?(['\"]?)([A-Za-z_]\w*)\2")
SYNOPSIS = re.compile(
    r"\[-{0,2}(?:options?|flags?|commands?|args?|arguments?|global|command)"
    r"(?:[ \t.|=][^\]\n]{0,80})?\]",
    re.IGNORECASE,
)
DATA = re.compile(r"[ \t]*(?:[{}]|---[ \t]*$|apiVersion:|FROM[ \t])")

Piece = tuple[int, str]
"""A command, with the number of the block's line, from 0, that it begins on."""


def read(language: str, lines: Sequence[str]) -> list[Piece]:
    """Return the commands of a block; one that goes over several lines keeps them."""
    is_told = language in SHELLS or language in TRANSCRIPTS
    first = next((line for line in lines if line.strip()), "")
    if not (is_told or language in UNTOLD) or WINDOWS.match(first) or DATA.match(first):
        return []
    prompts = _prompts(language, lines)
    if prompts:
        return list(_typed(prompts, lines))
    if language in TRANSCRIPTS or (language in UNTOLD and language):
        return []
    return list(_runs(lines, is_told=is_told))


def _prompts(language: str, lines: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """Return what commands stand behind in a transcript; nothing in a script."""
    if any(PROMPT.match(line) for line in lines):
        return PROMPT, ROOT
    plain = [line for line in lines if line.strip() and not ROOT.match(line)]
    is_script = language in SHELLS or any(map(is_known, plain))
    if any(_typed_at(ROOT, line) for line in lines) and not (plain and is_script):
        return (ROOT,)
    first = next((line for line in lines if line.strip()), "")
    return (ANGLE,) if _typed_at(ANGLE, first) else ()


def _typed_at(prompt: re.Pattern[str], line: str) -> str:
    """Return the command behind a prompt; behind `#` and `>` it must read like one."""
    match = prompt.match(line)
    if not match or (prompt is not PROMPT and not reads_like_command(match[1])):
        return ""
    return match[1]


def _typed(prompts: Sequence[re.Pattern[str]], lines: Sequence[str]) -> Iterator[Piece]:
    """Yield what is typed in a transcript; all other lines are output."""
    number = 0
    while number < len(lines):
        typed = next(filter(None, (_typed_at(p, lines[number]) for p in prompts)), "")
        end = _end(lines, number)
        if typed and not _shows_usage(typed):
            rest = [line.removeprefix("> ") for line in lines[number + 1 : end]]
            yield number, "\n".join([typed, *rest]).rstrip()
        number = end if typed else number + 1


def _runs(lines: Sequence[str], *, is_told: bool) -> Iterator[Piece]:
    """Yield runs of lines that are commands in a block without prompts."""
    run: list[str] = []
    is_output, quote = False, ""
    number = 0
    while number < len(lines):
        line = lines[number]
        if not quote and output.begins_help(line):
            break
        end = _end(lines, number)
        is_output = not quote and _goes_on(line, is_output=is_output)
        quote = "" if is_output else output.open_quote(line, quote)
        if is_output or _shows_usage(line) or not (is_told or _may_follow(line, run)):
            yield from _piece(run, number)
            run = []
        else:
            run += lines[number:end]
        number = end
    yield from _piece(run, number)


def _goes_on(line: str, *, is_output: bool) -> bool:
    """Tell whether output begins on a line, or goes on up to a command or a gap."""
    if not line.strip():
        return False
    return output.is_printed(line) or (is_output and not is_known(line))


def _may_follow(line: str, run: Sequence[str]) -> bool:
    """Tell whether a line of a block of unknown language belongs to its commands."""
    is_between = bool(run) and (not line.strip() or line.lstrip().startswith("#"))
    return is_between or is_known(line)


def _piece(run: Sequence[str], end: int) -> Iterator[Piece]:
    """Yield a run that ends before a line, without what surrounds its commands."""
    idle = list(takewhile(_is_idle, run))
    text = "\n".join(run[len(idle) :]).rstrip()
    if text:
        yield end - len(run) + len(idle), text


def _is_idle(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _shows_usage(line: str) -> bool:
    return bool(output.begins_help(line) or SYNOPSIS.search(line))


def _end(lines: Sequence[str], number: int) -> int:
    """Return the number of the line after the command that begins on a line."""
    end = number + 1
    while end < len(lines) and lines[end - 1].rstrip(" \t").endswith("\\"):
        end += 1
    for here in HERE.finditer("\n".join(lines[number:end])):
        end = _after_document(lines, end, here[3])
    return end


def _after_document(lines: Sequence[str], start: int, delimiter: str) -> int:
    """Return the number of the line after a here-document; its end if it is open."""
    for number in range(start, len(lines)):
        if lines[number].removeprefix("> ").strip() == delimiter:
            return number + 1
    return len(lines)
