"""A shell that runs nothing: it follows variables, directories and pipes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from lab_runner.inference import placeholders, printed, words, wrappers
from lab_runner.inference.model import UNKNOWN, Invocation, Redirect
from lab_runner.inference.syntax import (
    ASSIGNMENTS,
    TESTS,
    Broken,
    Simple,
    commands,
    substitutions,
)

UNREADABLE = "labrun cannot read this as bash"
DEEPEST = 5


class Shell:
    """One learner's shell: what one command sets, those after it see.

    Without a `user`, it is that of a learner who may act as root: no name is known.
    """

    def __init__(self, user: str = "", depth: int = 0) -> None:
        home = wrappers.home_of(user or "root")
        self.user = user
        self.variables = {"HOME": home, "PWD": home, **_named(user)}
        self._depth = depth
        self._spoken = ""
        self._outer: list[tuple[str, dict[str, str]]] = []

    def read(self, text: str, line: int = 1) -> Iterator[Invocation]:
        """Yield the commands of a text whose first line is `line` of its file."""
        before: Invocation | None = None
        outside, scope = self.variables, 0
        for each in commands(placeholders.hidden(text)):
            place = line + each.node.start_point[0]
            if isinstance(each, Broken):
                yield Invocation((), _text(each.node), place, doubt=UNREADABLE)
                continue
            if each.scope != scope:
                inside = dict(self.variables)
                outside, self.variables = (
                    (self.variables, inside) if each.scope else (outside, outside)
                )
                scope = each.scope
            for command in self._run(each, place, before if each.is_fed else None):
                yield (before := command)
        if scope:
            self.variables = outside

    def _run(
        self, simple: Simple, line: int, before: Invocation | None
    ) -> Iterator[Invocation]:
        if simple.turn:
            self.variables |= [simple.turn]
        yield from self._captured(simple, line)
        if simple.node.type in ASSIGNMENTS:
            self._assign(simple)
            yield self._plain(simple, line, _declared(simple.node))
        elif simple.node.type in TESTS:
            yield self._plain(simple, line, ("test",))
        else:
            yield from self._resolved(self._command(simple, line, before))

    def _captured(self, simple: Simple, line: int) -> Iterator[Invocation]:
        """Yield the commands whose output goes into a word, as in `ID=$(COMMAND)`."""
        if self._depth >= DEEPEST:
            return
        for node in (simple.node, *simple.redirects):
            for script in substitutions(node):
                inner = Shell(self.user, self._depth + 1)
                inner.variables = dict(self.variables)
                inner._spoken = self._spoken
                for each in inner.read(script, line):
                    doubt = simple.doubt or each.doubt
                    yield replace(each, doubt=doubt, is_typed=False)

    def _plain(self, simple: Simple, line: int, argv: tuple[str, ...]) -> Invocation:
        return Invocation(argv, _text(simple.node), line, doubt=simple.doubt)

    def _resolved(self, command: Invocation) -> Iterator[Invocation]:
        command = wrappers.unwrap(command)
        script = wrappers.script(command)
        if script is None or UNKNOWN in script or self._depth >= DEEPEST:
            self._move(command)
            self._spoken += " ".join(command.argv)
            yield command
            return
        inner = Shell(command.user, self._depth + 1)
        inner.variables |= {"PWD": command.cwd, **command.environment}
        inner._spoken = self._spoken
        for each in inner.read(script):
            yield replace(
                each,
                text=command.text,
                line=command.line,
                doubt=command.doubt or each.doubt,
                background=command.background or each.background,
                is_typed=False,
            )

    def _command(
        self, simple: Simple, line: int, before: Invocation | None
    ) -> Invocation:
        node = simple.node
        name = node.child_by_field_name("name")
        given = [name, *node.children_by_field_name("argument")] if name else []
        local = dict(self._assignments(node))
        own = node.children_by_field_name("redirect")
        redirects = [*own, *simple.redirects]
        stdin = printed.text(before) if before else None
        for redirect in redirects:
            stdin = self._document(redirect, stdin)
        return Invocation(
            argv=tuple(w for word in words.apart(given) for w in self._expand(word)),
            text=_line(node, redirects),
            line=line,
            redirects=tuple(filter(None, map(self._redirect, redirects))),
            stdin=stdin,
            environment={**self.variables, **local},
            user=self.user or "root",
            cwd=self.variables["PWD"],
            home=self.variables["HOME"],
            doubt=simple.doubt,
            background=simple.background,
            is_fed=simple.is_fed,
            is_typed=simple.turn is None,
        )

    def _expand(self, word: list[Node]) -> list[str]:
        if len(word) == 1:
            return words.expand(word[0], self.variables)
        return [words.glued(word, self.variables)]

    def _redirect(self, node: Node) -> Redirect | None:
        target = node.child_by_field_name("destination")
        if node.type != "file_redirect" or target is None:
            return None
        descriptor = node.child_by_field_name("descriptor")
        operator = next(c.type for c in node.children if not c.is_named)
        held = words.text(target, self.variables)
        return Redirect(operator, held, _text(descriptor) if descriptor else "")

    def _document(self, node: Node, stdin: str | None) -> str | None:
        """Return the here-document or here-string of a redirection, else `stdin`."""
        if node.type == "herestring_redirect":
            return words.text(node.named_children[-1], self.variables) + "\n"
        body = next((c for c in node.children if c.type == "heredoc_body"), None)
        if node.type != "heredoc_redirect" or body is None:
            return stdin
        start = next(_text(c) for c in node.children if c.type == "heredoc_start")
        is_quoted = start[0] in "'\"\\"
        held = _text(body) if is_quoted else words.filled(body, self.variables)
        if node.children[0].type == "<<-":
            held = "".join(each.lstrip("\t") for each in held.splitlines(keepends=True))
        return held

    def _assign(self, simple: Simple) -> None:
        """Follow an assignment; of one that may not run, the value is not known."""
        if simple.node.type == "unset_command":
            given = [(_text(child), "") for child in simple.node.named_children]
        else:
            given = list(self._assignments(simple.node))
        self.variables |= (
            (name, UNKNOWN if simple.doubt else value) for name, value in given
        )

    def _assignments(self, node: Node) -> Iterator[tuple[str, str]]:
        found = node.named_children if node.type != "variable_assignment" else [node]
        for each in found:
            name = each.child_by_field_name("name")
            if each.type == "variable_assignment" and name:
                value = each.child_by_field_name("value")
                held = words.text(value, self.variables) if value else ""
                yield _text(name), held

    def _move(self, command: Invocation) -> None:
        """Follow `cd` and `su`; where `cd -` leads back to is not known."""
        if command.program in ("su", "sudo", "exit", "logout"):
            self._switch(command)
        if command.program not in ("cd", "pushd", "popd"):
            return
        target = command.arguments[0] if command.arguments else command.home
        is_known = command.program != "popd" and self._leads(target)
        known = is_known and not command.doubt
        self.variables["PWD"] = command.path(target) if known else UNKNOWN

    def _leads(self, target: str) -> bool:
        """Tell whether `cd` finds its way from where the learner is taken to be.

        Into a folder that no command before has named, it leads from elsewhere.
        """
        first = target.partition("/")[0]
        return target != "-" and (first in ("", ".", "..") or first in self._spoken)

    def _switch(self, command: Invocation) -> None:
        """Follow `su`, `sudo -i` and `sudo -s` into a shell of somebody else, and out."""
        if command.program in ("exit", "logout"):
            if self._outer and not command.doubt:
                self.user, self.variables = self._outer.pop()
        elif user := wrappers.login(command):
            self._outer.append((self.user, self.variables))
            home = wrappers.home_of(user)
            is_login = wrappers.goes_home(command)
            moved = {"PWD": home} if is_login else {}
            self.user = user
            self.variables = {**self.variables, "HOME": home, **_named(user), **moved}


def _named(user: str) -> dict[str, str]:
    return {"USER": user, "LOGNAME": user} if user else {}


def _declared(node: Node) -> tuple[str, ...]:
    return (_text(node).split()[0] if node.type.endswith("_command") else "set",)


def _line(node: Node, redirects: list[Node]) -> str:
    """Return a command with its redirections on one line, without its documents."""
    shown = [_text(each) for each in redirects if each.type != "heredoc_redirect"]
    within = [each for each in shown if each not in _text(node)]
    return " ".join([*_text(node).replace("\\\n", " ").split(), *within])


def _text(node: Node) -> str:
    return placeholders.shown((node.text or b"").decode())


def joined(command: Invocation) -> str:
    """Return the words of a command as they are typed, up to the first unknown one."""
    known: list[str] = []
    for word in command.argv:
        if UNKNOWN in word:
            break
        known.append(word)
    return shlex.join(known)
