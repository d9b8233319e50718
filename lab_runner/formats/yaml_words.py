"""What the YAML parser complains about, in the words of somebody who writes labs."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

QUOTE = "Put the value in quotes"
ALIGN = "Give lines that belong together the same indentation, in spaces"
ESCAPE = "Use single quotes, where a backslash is a backslash"


@dataclass(frozen=True, slots=True)
class Words:
    """A complaint in human words; `at_start` where its beginning is what to mend."""

    message: str
    advice: str
    at_start: bool = False


WORDS = {
    "mapping values are not allowed": Words(
        "a `:` is out of place here",
        "Write one `key: value` a line, and quote a value that holds `: `",
    ),
    "found character '\\t'": Words(
        "a tab is used as indentation", "Indent with spaces"
    ),
    "could not find expected ':'": Words(
        "this line has no `:` after its key", "Write `key: value`", at_start=True
    ),
    "found unexpected end of stream": Words(
        "a quote is opened and not closed", "Close the quote", at_start=True
    ),
    "expected ',' or ']'": Words(
        "a list opened by `[` is not closed",
        "Separate its entries with `,` and close it with `]`",
        at_start=True,
    ),
    "expected ',' or '}'": Words(
        "a mapping opened by `{` is not closed",
        "Separate its entries with `,` and close it with `}`",
        at_start=True,
    ),
    "found unknown escape character": Words(
        "a backslash in double quotes is no known escape", ESCAPE
    ),
    "expected escape sequence of": Words(
        "a backslash in double quotes is no known escape", ESCAPE
    ),
    "expected <block end>": Words(
        "this line does not fit the indentation of the lines above", ALIGN
    ),
    "expected '<document start>'": Words(
        "this line does not fit the indentation of the lines above", ALIGN
    ),
    "sequence entries are not allowed": Words(
        "a list entry (`- `) is out of place here",
        "Begin the list on a line of its own",
    ),
    "that cannot start any token": Words(
        "a value cannot begin with this character", QUOTE
    ),
    "expected the node content": Words("a value is missing here", QUOTE),
    "expected alphabetic or numeric": Words(
        "`&` and `*` begin anchors and aliases", QUOTE
    ),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a YAML text; line and column count from 0."""

    line: int
    column: int
    message: str
    advice: str


def explain(error: yaml.MarkedYAMLError) -> Complaint:
    """Return where it is, what is wrong and what to write instead."""
    problem = error.problem or "unknown"
    words = next((w for p, w in WORDS.items() if p in problem), None)
    words = words or Words(f"this is not YAML: {problem}", QUOTE)
    mark = error.problem_mark or error.context_mark
    if words.at_start and error.context_mark:
        mark = error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    return Complaint(line, column, words.message, words.advice)
