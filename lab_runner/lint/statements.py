"""Shell scripts of checks as statements: enough of the language to judge a check."""

from __future__ import annotations

import re
import shlex

CONTINUED = re.compile(r"\\\n\s*|(?<=&&|\|\|)[ \t]*\n\s*|(?<=\|)[ \t]*\n\s*")
CONNECTORS = {"&&", "||"}
ENDS = {";", "&", ";;", "\n"}
Words = tuple[str, ...]
"""A simple command: its words without quotes; connectors and pipes are not in it."""


def statements(script: str) -> list[list[str]]:
    """Return the statements of a script, each as its tokens; comments are left out.

    A line that cannot be split, such as one of a here-document, is one token.
    """
    found: list[list[str]] = []
    for line in CONTINUED.sub(" ", script).splitlines():
        statement: list[str] = []
        for token in _tokens(line):
            if token in ENDS:
                found.append(statement)
                statement = []
            else:
                statement.append(token)
        found.append(statement)
    return [each for each in found if each]


def pipelines(statement: list[str]) -> list[list[Words]]:
    """Return the pipelines of a statement, each as its simple commands."""
    lines: list[list[list[str]]] = [[[]]]
    for token in statement:
        if token in CONNECTORS:
            lines.append([[]])
        elif token in ("|", "|&"):
            lines[-1].append([])
        else:
            lines[-1][-1].append(token)
    return [[tuple(words) for words in line if words] for line in lines]


def _tokens(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    try:
        return list(lexer)
    except ValueError:
        return [line.strip()]
