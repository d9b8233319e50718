"""Subcommands about containers, as docker, podman and nerdctl have them."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Forgets,
    change,
    fact,
    opening,
    unknown,
)
from lab_runner.inference.recipes.container_options import Asked, asked
from lab_runner.inference.recipes.engine.call import Call, Engine, Handler
from lab_runner.inference.recipes.lasting import is_session

SOME_STATE = {"one_of": ["created", "running", "paused", "restarting", "exited"]}
BEGUN = {"one_of": ["running", "exited"]}
UNTIL_ENDED = "it runs until somebody ends it"


def run(call: Call) -> Effects:
    made = asked(call.command, call.given)
    if refused := _refused(made):
        return refused
    facts = [call.engine.image(made.image), *map(call.engine.volume, made.volumes)]
    if made.is_detached or call.command.background:
        return change(*facts, *_started(call.engine, made))
    if made.is_interactive and is_session(made.command):
        facts += [] if made.is_removed else _kept(call.engine, made, BEGUN)
        return opening("it opens a shell inside", *facts)
    if made.lasts:
        facts += [] if made.is_removed else _kept(call.engine, made, BEGUN)
        return Effects("interactive", tuple(facts), why=UNTIL_ENDED)
    if made.is_removed:
        facts += [call.engine.no_container(made.name)] if made.name else []
        return change(*facts)
    return change(*facts, *_kept(call.engine, made, "exited"))


def _started(engine: Engine, made: Asked) -> list[Fact]:
    """Return what is left of a container that is started in the background."""
    if made.lasts:
        return [*_kept(engine, made, "running"), *engine.listening(made)]
    if made.is_removed:
        return []
    return _kept(engine, made, _begun(made))


def _begun(made: Asked) -> Any:
    """Return the states of what was started and may have ended by now."""
    return SOME_STATE if made.is_restarted else BEGUN


def create(call: Call) -> Effects:
    made = asked(call.command, call.given)
    return _refused(made) or change(
        call.engine.image(made.image),
        *map(call.engine.volume, made.volumes),
        *_kept(call.engine, made, "created"),
    )


def _refused(made: Asked) -> Effects | None:
    if made.strange:
        return unknown(f"the option `{made.strange[0]}` is not known")
    if made.given.has("--rootfs"):
        return unknown("it is made of a directory and of no image")
    return None if made.image else unknown("no image is named")


def _kept(engine: Engine, made: Asked, state: Any) -> list[Fact]:
    if not made.name:
        return []
    instead = {}
    if made.is_removed:
        instead["exited"] = engine.no_container(made.name)
    if not made.lasts:
        instead["running"] = engine.container(made.name, _begun(made))
    return [replace(engine.container(made.name, state, made), instead=instead)]


def becomes(state: str) -> Handler:
    """Return the handler of a command that takes containers into a state."""

    def handler(call: Call) -> Effects:
        valued = ["-t", "--time", "--timeout", "--signal"]
        names = options.parse(call.given, valued).words
        lost = _published(names) if state == "exited" else None
        return change(*(call.engine.container(n, state) for n in names), forgets=lost)

    return handler


def start(call: Call) -> Effects:
    arguments = options.parse(call.given, ["--detach-keys"])
    if arguments.has("-i", "--interactive"):
        return opening("it opens a shell inside")
    state = "exited" if arguments.has("-a", "--attach") else "running"
    return change(*(call.engine.container(name, state) for name in arguments.words))


def kill(call: Call) -> Effects:
    arguments = options.parse(call.given, ["-s", "--signal"])
    signal = (arguments.value("-s", "--signal") or "KILL").removeprefix("SIG")
    if signal not in ("KILL", "9"):
        why = f"what a program does on {signal} is its own"
        return change(forgets=_about(call.engine, arguments.words), why=why)
    facts = (call.engine.container(name, "exited") for name in arguments.words)
    return change(*facts, forgets=_published(arguments.words))


def remove(call: Call) -> Effects:
    arguments = options.parse(call.given, ["-t", "--time"])
    if arguments.has("-a", "--all"):
        return change(
            forgets=lambda known: (
                call.engine.owns(known, "container") or known.kind == "port"
            ),
            why="which containers there are is not told",
        )
    names = arguments.words
    return change(*map(call.engine.no_container, names), forgets=_published(names))


def rename(call: Call) -> Effects:
    if len(call.given) != 2:
        return unknown("it takes the old name and the new one")
    return change(
        call.engine.no_container(call.given[0]),
        call.engine.container(call.given[1], SOME_STATE),
    )


def execute(call: Call) -> Effects:
    valued = ["-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir"]
    arguments = options.parse(call.given, [*valued, "--detach-keys"], limit=1)
    if arguments.has("-t", "--tty") and is_session(arguments.words[1:]):
        return opening("it opens a terminal inside a container")
    return unknown("what a program does inside a container is not seen from outside")


def copy(call: Call) -> Effects:
    words = options.parse(call.given).words
    if len(words) != 2:
        return unknown("it takes what is copied, and where to")
    source, target = words
    if target == "-" or ":" in target:
        return change(why="what is inside a container is not seen from outside")
    path = call.command.path(target)
    if target.endswith(("/", ".")):
        path = posixpath.join(path, posixpath.basename(source))
    return change(fact("file", path))


def _about(engine: Engine, names: Sequence[str]) -> Forgets:
    """Forget these containers and all ports of the host."""
    ids = {engine.no_container(name).identity for name in names}
    return lambda known: known.kind == "port" or known.identity in ids


def _published(names: Sequence[str]) -> Forgets:
    """Forget ports of the host, and the containers that were known along with theirs."""
    return lambda known: (
        known.kind == "port" or (known.subject in names and "ports" in known.spec)
    )
