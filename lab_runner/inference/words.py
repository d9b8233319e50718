"""Words of bash: what is left of them without quotes, with known variables filled in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from lab_runner.inference import placeholders
from lab_runner.inference.model import UNKNOWN

# Unquoted braces and commas until they are expanded: characters of no alphabet.
OPEN, COMMA, CLOSE = "\ue000", "\ue001", "\ue002"
MARKS = str.maketrans("{,}", OPEN + COMMA + CLOSE)
PLAIN = str.maketrans(OPEN + COMMA + CLOSE, "{,}")
BRACES = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
RANGE = re.compile(r"(\d+)\.\.(\d+)")
MOST = 64
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
NAME = re.compile(r"\$\{?(\w+)\}?")


def expand(node: Node, variables: Mapping[str, str]) -> list[str]:
    """Return the words that one word of the text becomes; none of an empty variable."""
    value = _value(node, variables)
    if node.type in ("simple_expansion", "expansion"):
        return value.split()
    return [each.translate(PLAIN) for each in _braces(value)]


def apart(nodes: list[Node]) -> list[list[Node]]:
    """Part nodes into words: of `a/$V/b-$V-c` the grammar makes two without a space."""
    found: list[list[Node]] = []
    for node in nodes:
        if found and found[-1][-1].end_byte == node.start_byte:
            found[-1].append(node)
        else:
            found.append([node])
    return found


def glued(nodes: list[Node], variables: Mapping[str, str]) -> str:
    """Return the word that several nodes are; unknown where it is quoted."""
    whole = "".join(map(_raw, nodes))
    if any(each in whole for each in "'\"\\`(*?"):
        return UNKNOWN
    return NAME.sub(lambda found: variables.get(found[1], UNKNOWN), whole)


def text(node: Node, variables: Mapping[str, str]) -> str:
    """Return a word of which bash makes no several."""
    return _value(node, variables).translate(PLAIN)


def filled(node: Node, variables: Mapping[str, str]) -> str:
    """Return the text of a node with its expansions filled in, as in double quotes."""
    held, at = [], node.start_byte
    for child in node.children:
        held.append(_between(node, at, child.start_byte))
        if child.type in ("string_content", "heredoc_content"):
            held.append(re.sub(r"\\([$`\"\\])|\\\n", r"\1", _raw(child)))
        elif child.type != '"':
            held.append(_value(child, variables))
        at = child.end_byte
    return "".join([*held, _between(node, at, node.end_byte)])


def _value(node: Node, variables: Mapping[str, str]) -> str:
    match node.type:
        case "word":
            return _bare(_raw(node), variables)
        case "raw_string":
            return _raw(node)[1:-1]
        case "ansi_c_string":
            return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], UNKNOWN), _raw(node))[
                2:-1
            ]
        case "string":
            return filled(node, variables)
        case "concatenation" | "command_name":
            return "".join(_value(child, variables) for child in node.children)
        case "simple_expansion" | "expansion":
            found = NAME.fullmatch(_raw(node))
            return variables.get(found[1], UNKNOWN) if found else UNKNOWN
        case "number" | "brace_expression" | "variable_name" | "test_operator":
            return _raw(node).translate(MARKS)
        case "command_substitution" if _raw(node) in ("$(pwd)", "`pwd`"):
            return variables["PWD"]
        case _ if not node.is_named:
            return _raw(node)
        case _:
            return UNKNOWN


def _bare(word: str, variables: Mapping[str, str]) -> str:
    """Return an unquoted word: escapes undone, `~` filled in, patterns unknown."""
    if word == "~" or word.startswith("~/"):
        word = variables["HOME"] + word[1:]
    elif word.startswith("~"):
        word = UNKNOWN
    word = placeholders.unknown(word)
    parts = re.findall(r"\\\n|\\.|[^\\]", word, re.DOTALL)
    return "".join(_character(part) for part in parts)


def _character(part: str) -> str:
    if part.startswith("\\"):
        return part[1:].strip("\n")
    return UNKNOWN if part in "*?" else part.translate(MARKS)


def _braces(word: str) -> Iterator[str]:
    """Expand `a{b,c}` and `{1..3}`, the innermost first."""
    found = BRACES.search(word)
    if not found:
        yield word
        return
    choices = _choices(found[1])
    for choice in itertools.islice(choices, MOST):
        yield from _braces(word[: found.start()] + choice + word[found.end() :])


def _choices(inside: str) -> list[str]:
    span = RANGE.fullmatch(inside)
    if span:
        first, last = int(span[1]), int(span[2])
        return [str(number) for number in range(first, last + 1)]
    if COMMA in inside:
        return inside.split(COMMA)
    return ["{" + inside + "}"]


def _raw(node: Node) -> str:
    return (node.text or b"").decode()


def _between(node: Node, start: int, end: int) -> str:
    held = node.text or b""
    return held[start - node.start_byte : end - node.start_byte].decode()
