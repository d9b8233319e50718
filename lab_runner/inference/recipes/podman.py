"""podman: asked by its own command, or as Docker where a socket of it is named."""

from __future__ import annotations

from lab_runner.inference import options
from lab_runner.inference.model import Effects, Invocation, look, unknown
from lab_runner.inference.recipes.docker import Docker
from lab_runner.inference.recipes.engine import subcommands
from lab_runner.inference.recipes.engine.call import Engine
from lab_runner.inference.recipes.inspected import Inspected

VALUED = [
    "-c",
    "--cgroup-manager",
    "--connection",
    "--events-backend",
    "--identity",
    "--log-level",
    "--network-cmd-path",
    "--root",
    "--runroot",
    "--runtime",
    "--storage-driver",
    "--storage-opt",
    "--url",
]
PLACES = ("--root", "--runroot")
MISSING = 125
UNTOLD = {
    "pod": "pods of podman are not told by a fact",
    "play": "what it starts stands in a file for Kubernetes",
    "kube": "what it starts stands in a file for Kubernetes",
    "generate": "what it writes is told by no fact of podman",
    "machine": "podman's virtual machines are not seen from here",
    "secret": "secrets are not told by a fact",
}


def recipe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED, limit=1)
    url = given.value("--url") or command.environment.get("CONTAINER_HOST", "")
    if given.has("-c", "--connection") or (url and not url.startswith("unix://")):
        return unknown("it speaks to the podman of another machine")
    asked: Engine = Docker(url.removeprefix("unix://")) if url else _own(command, given)
    if given.words[:1] and given.words[0] in UNTOLD:
        return _untold(given.words, asked)
    return subcommands.effects(command, asked, given.words)


def _untold(words: tuple[str, ...], asked: Engine) -> Effects:
    if words[1:2] and words[1] in subcommands.OBJECT_LOOKS:
        return look()
    # Pods, and what Kubernetes calls so, are stopped together with their containers.
    untold = unknown(UNTOLD[words[0]])
    return untold.forgetting(lambda known: asked.owns(known, "container"))


def _own(command: Invocation, given: options.Arguments) -> Inspected:
    places = [f"{name}={value}" for name in PLACES for value in given.values(name)[-1:]]
    user = None if command.user == "root" else command.user
    return Inspected(("podman", *places), MISSING, user)
