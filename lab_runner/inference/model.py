"""What inference speaks of: commands, what they do, and the facts they leave."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

UNKNOWN = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a word for what is known only when the command runs."""
ANY = "any"
"""The value of a key that asks nothing, so that what is known already stays."""

Class = Literal["change", "look", "placeholder", "interactive", "unknown"]
SCOPES = ("namespace", "address", "protocol", "root", "tag")


@dataclass(frozen=True, slots=True)
class Redirect:
    """`operator` is as in bash without its descriptor: `>`, `>>`, `<`, `&>`, `>&`."""

    operator: str
    target: str
    descriptor: str = ""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One simple command as bash would run it, without wrappers such as `sudo`.

    `argv` has no quotes, and known variables are filled in. `stdin` is the text that it
    reads, where the page says it. `doubt` tells why it may not run, or not succeed:
    then it makes no facts. `written` returns the whole text of a file, where commands
    before this one have written it. `is_fed` says that it reads another one's output, `is_typed`
    that it stands so on the learner's line. `line` counts from 1 in the file.
    """

    argv: tuple[str, ...]
    text: str = ""
    line: int = 1
    redirects: tuple[Redirect, ...] = ()
    stdin: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = "root"
    cwd: str = "/root"
    home: str = "/root"
    doubt: str = ""
    background: bool = False
    is_fed: bool = False
    written: Callable[[str], str | None] = lambda _: None
    is_typed: bool = True

    @property
    def program(self) -> str:
        return posixpath.basename(self.argv[0]) if self.argv else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        return self.argv[1:]

    def path(self, word: str) -> str:
        """Return the absolute path that a word means in the command's directory."""
        return posixpath.normpath(posixpath.join(self.cwd, word))


@dataclass(frozen=True, slots=True)
class Fact:
    """A check entry as a lab has it: `spec` holds the kind's keys, subject first.

    `instead` says by state what is true in place of a later fact that tells this state:
    a container made with `--rm` is not `exited` once it has ended, but gone.
    """

    kind: str
    spec: Mapping[str, Any]
    instead: Mapping[str, Fact] = field(default_factory=dict, compare=False)

    @property
    def subject(self) -> str:
        """The name of what it is about; of several names the first."""
        value = self.spec[self.kind]
        return str(value[0] if isinstance(value, list) else value)

    @property
    def identity(self) -> tuple[str, ...]:
        """What names the object: facts of one identity speak of the same thing."""
        scopes = (str(self.spec.get(scope, "")) for scope in SCOPES)
        return (self.kind, str(self.spec[self.kind]), *scopes)

    @property
    def state(self) -> str:
        """What it tells of a container's life; empty where it tells of none."""
        told = (self.spec.get(key, "") for key in ("state", "status", "stdout"))
        return next((each for each in told if each and isinstance(each, str)), "")

    @property
    def is_absence(self) -> bool:
        """Whether it is not there; a command that looks it up then fails."""
        return self.spec.get("exists") is False or bool(self.spec.get("exit"))


def fact(kind: str, subject: Any, **keys: Any) -> Fact:
    """Return a fact; keys whose value is None are left out."""
    given = {key: value for key, value in keys.items() if value is not None}
    return Fact(kind, {kind: subject, **given})


def gone(kind: str, subject: Any, **scope: Any) -> Fact:
    """Return the fact that an object is not there."""
    return fact(kind, subject, **scope, exists=False)


Forgets = Callable[[Fact], bool]
"""Tells of a fact from before whether a command leaves it uncertain."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What a command does: the facts it leaves, and those it makes uncertain.

    Facts of a look are what it shows; without any, that it was run is the fact. `why`
    says in a few words why nothing, or no more, is told. `opens` says that what is typed
    next goes to a shell elsewhere, such as one in a container.
    """

    kind: Class
    facts: tuple[Fact, ...] = ()
    forgets: Forgets | None = None
    why: str = ""
    opens: bool = False

    def forgetting(self, also: Forgets) -> Effects:
        """Return the same effects, which make more uncertain."""
        own = self.forgets
        return replace(
            self, forgets=lambda known: also(known) or bool(own and own(known))
        )


def change(*facts: Fact, forgets: Forgets | None = None, why: str = "") -> Effects:
    return Effects("change", facts, forgets, why)


def look(*facts: Fact, why: str = "") -> Effects:
    return Effects("look", facts, why=why)


def interactive(why: str) -> Effects:
    return Effects("interactive", why=why)


def opening(why: str, *facts: Fact) -> Effects:
    """Return what a command does that leads into a shell elsewhere."""
    return Effects("interactive", facts, why=why, opens=True)


def unknown(why: str) -> Effects:
    return Effects("unknown", why=why)


def below(folder: str) -> Forgets:
    """Forget every file below a folder."""
    start = folder.rstrip("/") + "/"
    return lambda known: known.kind == "file" and known.subject.startswith(start)


Recipe = Callable[[Invocation], Effects]
