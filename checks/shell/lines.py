"""The commands in a line of a shell: what surely ran in it, and how it ended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# One piece of a line. A piece of a word is kept whole, whatever is quoted in it.
TOKEN = re.compile(
    r"""
    (?P<space> (?: [ \t] | \\\n )+ )
  | (?P<comment> (?<![^\s;&|]) \# [^\n]* )
  | (?P<redirection> (?: (?<![^\s;&|]) [0-9]+ )? (?: &>>? | >[>|&]? | <[>&]? ) (?![<(]) )
  | (?P<operator> && | \|\| | \|& | [;|&\n] )
  | (?P<single> ' [^']* ' )
  | (?P<double> " (?: [^"\\$`] | \\. | \$(?!\() )* " )
  | (?P<escaped> \\ . )
  | (?P<plain> [^\s;|&<>()'"`\\$] | \$(?![('"]) )
    """,
    re.VERBOSE | re.DOTALL,
)
RESERVED = frozenset(
    [
        "!",
        "{",
        "}",
        "[[",
        "if",
        "then",
        "elif",
        "else",
        "fi",
        "for",
        "while",
        "until",
        "do",
        "done",
        "case",
        "esac",
        "select",
        "function",
        "coproc",
    ]
)
# Programs that run the command that follows them, and their options with a value.
PREFIXES = {
    "sudo": "CDghpRrTtUu",
    "env": "CSu",
    "time": "fo",
    "nohup": "",
    "exec": "a",
    "command": "",
}
ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a line; `exit` is None where the shell does not tell it.

    `is_sure` is false where it depends on what ran before it whether it ran at all.
    """

    words: tuple[str, ...]
    exit: int | None
    is_sure: bool


def commands(line: str, code: int | None) -> list[Command] | None:
    """Return the commands of a line that ended with `code`, None if it is too involved.

    Pipes, `;`, `&`, `&&` and `||` are understood, quotes and redirections as well.
    What groups, loops, substitutes commands or brings its own input is not.
    """
    tokens = _tokens(line)
    if tokens is None:
        return None
    lists = _split(tokens, (";", "\n", "&"))
    found = [
        each
        for number, (part, end) in enumerate(lists, 1)
        for each in _chained(
            part, code if number == len(lists) and end != "&" else None
        )
    ]
    if any(each.words[0] in RESERVED for each in found):
        return None
    return [
        Command(words, each.exit, each.is_sure)
        for each in found
        if (words := _proper(each.words))
    ]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    is_operator: bool


def _tokens(line: str) -> list[_Token] | None:
    """Part a line into words and operators; None where it is too involved."""
    tokens: list[_Token] = []
    word: str | None = None
    is_target = False
    position, text = 0, line.strip() + "\n"
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            return None
        position, kind, piece = match.end(), match.lastgroup, match.group()
        if kind in ("single", "double", "escaped", "plain"):
            word = (word or "") + _unquoted(str(kind), piece)
            continue
        if word is not None and not is_target:
            tokens.append(_Token(word, is_operator=False))
        if kind != "space" or word is not None:
            is_target = kind == "redirection"
        word = None
        if kind == "operator":
            tokens.append(_Token(piece, is_operator=True))
    return tokens


def _unquoted(kind: str, piece: str) -> str:
    if kind == "single":
        return piece[1:-1]
    if kind == "double":
        return re.sub(r'\\([$`"\\\n])', r"\1", piece[1:-1])
    return piece[1:] if kind == "escaped" else piece


def _split(
    tokens: Sequence[_Token], operators: Sequence[str]
) -> list[tuple[list[_Token], str]]:
    """Part tokens at operators: each part that is not empty, and what ended it."""
    parts: list[tuple[list[_Token], str]] = [([], "")]
    for token in tokens:
        if token.is_operator and token.text in operators:
            parts[-1] = (parts[-1][0], token.text)
            parts.append(([], ""))
        else:
            parts[-1][0].append(token)
    return [part for part in parts if part[0]]


def _chained(tokens: Sequence[_Token], code: int | None) -> Iterator[Command]:
    """Yield the commands of pipelines joined by `&&` and `||` that ended with `code`."""
    links = _split(tokens, ("&&", "||"))
    all_held = code == 0 and not any(end == "||" for _, end in links)
    for number, (link, _) in enumerate(links):
        known = code if all_held or len(links) == 1 else None
        pipeline = _split(link, ("|", "|&"))
        for place, (part, _) in enumerate(pipeline, 1):
            words = tuple(token.text for token in part)
            is_last = place == len(pipeline)
            yield Command(words, known if is_last else None, all_held or number == 0)


def _proper(words: Sequence[str]) -> tuple[str, ...]:
    """Return a command without assignments and `sudo`, `env` and the like before it."""
    rest = list(words)
    while rest:
        name = rest[0].rpartition("/")[2]
        if ASSIGNMENT.match(rest[0]):
            rest.pop(0)
        elif name in PREFIXES and len(rest) > 1:
            rest = _after_options(rest[1:], PREFIXES[name])
        else:
            break
    return tuple(rest)


def _after_options(words: list[str], valued: str) -> list[str]:
    """Drop options, and the word after one of a single letter that takes a value."""
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option == "--":
            break
        if len(option) > 1 and option[1] != "-" and option[-1] in valued and words:
            words.pop(0)
    return words
