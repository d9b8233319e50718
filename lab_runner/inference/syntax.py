"""The syntax of bash: a text as the simple commands that run one after another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from lab_runner.inference import words
from lab_runner.inference.model import UNKNOWN

ALTERNATIVE = "runs only if the command before it fails"
CONDITION = "runs only if the test before it holds"
MAY_FAIL = "may fail, as the `||` behind it says"
FAILS = "is meant to fail"
COMPOUND = {
    "if_statement": "stands in an `if`",
    "while_statement": "stands in a loop",
    "for_statement": "stands in a loop",
    "c_style_for_statement": "stands in a loop",
    "case_statement": "stands in a `case`",
    "function_definition": "stands in a function",
}
GROUPS = ("program", "compound_statement", "subshell", "do_group", "else_clause")
TESTS = ("test_command",)
MOST_TURNS = 16
NO_WORDS = ("command", "list", "pipeline", "redirected_statement")
ASSIGNMENTS = (
    "variable_assignment",
    "variable_assignments",
    "declaration_command",
    "unset_command",
)


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command in its place.

    `node` is the command or an assignment, `redirects` the nodes of its redirections;
    `is_fed` says that it reads what the command before it prints. `scope` is the node
    of the subshell whose variables and directory it shares, if any. `turn` says of a
    command in a loop what its variable is.
    """

    node: Node
    redirects: tuple[Node, ...] = ()
    doubt: str = ""
    is_fed: bool = False
    background: bool = False
    scope: int = 0
    turn: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """What bash could not read; `node` is the statement."""

    node: Node


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_bash.language()))


def commands(text: str) -> Iterator[Simple | Broken]:
    """Yield the simple commands of a text in the order in which they run."""
    source = text.encode()
    root = _parser().parse(source).root_node
    for statement in root.named_children:
        if _is_cut(statement, source):
            yield Broken(statement)
            return
        if statement.has_error or statement.type == "ERROR":
            yield Broken(statement)
        elif statement.type != "comment":
            yield from _read(statement)


def _is_cut(node: Node, source: bytes) -> bool:
    """Tell whether the parser ends a here-document at a line that only begins like it."""
    if node.type == "heredoc_end":
        return source[node.end_byte : node.end_byte + 1] not in (b"", b"\n")
    return any(_is_cut(child, source) for child in node.children)


def _read(statement: Node) -> Iterator[Simple]:
    """Yield the commands of one statement; lists and pipelines are one line of them."""
    operator, was_test = "", False
    line = list(_linear(statement))
    for part, after in zip(line, [*line[1:], ""], strict=True):
        if isinstance(part, str):
            operator = part
            continue
        found = list(_part(part))
        is_fed = operator in ("|", "|&")
        doubt = MAY_FAIL if after == "||" else ""
        if operator == "||":
            doubt = ALTERNATIVE
        if operator == "&&" and was_test:
            doubt = CONDITION
        was_test = _body(part).type in TESTS
        background = _is_background(part)
        for index, each in enumerate(found):
            yield replace(
                each,
                doubt=each.doubt or doubt,
                is_fed=each.is_fed or (is_fed and index == 0),
                background=each.background or background,
            )


def _linear(node: Node) -> Iterator[Node | str]:
    """Yield the commands of lists and pipelines with the operators between them.

    `&&` and `||` bind equally from the left, so nothing is lost. What follows a
    here-document on its first line hangs below it in the tree.
    """
    if node.type in ("list", "pipeline"):
        for child in node.children:
            if child.is_named:
                yield from _linear(child)
            else:
                yield child.type
        return
    yield node
    for redirect in node.children_by_field_name("redirect"):
        for child in redirect.children if redirect.type == "heredoc_redirect" else ():
            if child.type == "pipeline":
                yield "|"
                yield from _linear(child)
            elif child.type in ("&&", "||"):
                yield child.type
            elif child.type in ("command", "list", "redirected_statement"):
                yield from _linear(child)


def _part(node: Node) -> Iterator[Simple]:
    redirects = tuple(_redirects(node))
    body = _body(node)
    if body.type == "negated_command":
        yield from (replace(each, doubt=FAILS) for each in _inside(body))
    elif turns := _turns(body):
        yield from _unrolled(body, turns)
    elif body.type in COMPOUND:
        doubt = COMPOUND[body.type]
        yield from (replace(each, doubt=each.doubt or doubt) for each in _inside(body))
    elif body.type == "subshell":
        yield from (replace(each, scope=body.id) for each in _inside(body))
    elif body.type in ("list", "pipeline"):
        # In the tree a redirection of the last command stands around all of them.
        *before, last = _read(body)
        yield from before
        yield replace(last, redirects=(*last.redirects, *redirects))
    elif body.type in GROUPS or body.type == "case_item":
        yield from _inside(body)
    elif body.type in ("command", *ASSIGNMENTS, *TESTS) or _is_redirected(body):
        yield Simple(body, redirects)


def _turns(node: Node) -> list[tuple[str, str]]:
    """Return the name and each value of a `for` whose list stands in the text."""
    name = node.child_by_field_name("variable")
    body = node.child_by_field_name("body")
    if node.type != "for_statement" or not name or not body or _leaves(body):
        return []
    listed = [
        w for value in node.children_by_field_name("value") for w in _literal(value)
    ]
    is_known = len(listed) <= MOST_TURNS and UNKNOWN not in "".join(listed)
    return [((name.text or b"").decode(), each) for each in listed] if is_known else []


def _literal(value: Node) -> list[str]:
    return words.expand(value, {"HOME": UNKNOWN, "PWD": UNKNOWN})


def _leaves(body: Node) -> bool:
    """Tell whether a loop may end early, or has another one inside."""
    held = (body.text or b"").decode()
    return bool(re.search(r"\b(?:break|continue|exit|return|for|while|until)\b", held))


def _unrolled(loop: Node, turns: list[tuple[str, str]]) -> Iterator[Simple]:
    body = loop.child_by_field_name("body")
    for turn in turns:
        yield from (replace(each, turn=turn) for each in _inside(body or loop))


def _inside(node: Node) -> Iterator[Simple]:
    for child in node.named_children:
        yield from _read(child)


def _body(node: Node) -> Node:
    return node.child_by_field_name("body") or node if _is_redirected(node) else node


def _is_redirected(node: Node) -> bool:
    return node.type == "redirected_statement"


def _redirects(node: Node) -> Iterator[Node]:
    """Yield the redirections of a command, also those behind a here-document's name."""
    for redirect in node.children_by_field_name("redirect"):
        yield redirect
        if redirect.type == "heredoc_redirect":
            yield from redirect.children_by_field_name("redirect")


def _is_background(node: Node) -> bool:
    after = node.next_sibling
    return after is not None and after.type == "&"


def substitutions(node: Node) -> Iterator[str]:
    """Yield the outermost scripts that are run for their output, in order."""
    if node.type == "command_substitution":
        held = (node.text or b"").decode()
        yield held[2:-1] if held.startswith("$(") else held[1:-1]
        return
    for child in node.children:
        if child.type not in NO_WORDS:
            yield from substitutions(child)
