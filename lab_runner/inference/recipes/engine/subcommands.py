"""The subcommands that docker, podman and nerdctl have in common."""

from __future__ import annotations

from collections.abc import Sequence

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    change,
    interactive,
    look,
    opening,
    unknown,
)
from lab_runner.inference.recipes.engine import containers, images, stores
from lab_runner.inference.recipes.engine.call import Call, Engine, Handler

LOOKS = options.listed(
    """
    diff events history images info inspect logs manifest port ps search stats
    top version
    """
)
OBJECT_LOOKS = frozenset(
    ["df", "exists", "info", "inspect", "list", "ls", "ps", "show"]
)
FULL_NAMES = {
    ("container", "ls"): "ps",
    ("container", "list"): "ps",
    ("image", "ls"): "images",
    ("image", "list"): "images",
    ("image", "rm"): "rmi",
    ("image", "remove"): "rmi",
    ("image", "prune"): "image-prune",
    ("container", "prune"): "container-prune",
}
UNTOLD = {
    "compose": "what it starts stands in the compose file",
    "push": "what a registry holds is not seen on the machine",
    "update": "limits and restart policies are not told by a fact",
    "builder": "what is built in between is not told by a fact",
    "context": "which engine is spoken to is not told by a fact",
    "swarm": "swarms are not told by a fact",
    "service": "services of a swarm are not told by a fact",
    "stack": "stacks of a swarm are not told by a fact",
    "plugin": "plugins are not told by a fact",
    "logout": "who is logged in is not told by a fact",
}


def effects(command: Invocation, engine: Engine, words: Sequence[str]) -> Effects:
    """Return what a command line leaves, from its subcommand on."""
    name, rest = _named(words)
    if name in HANDLERS:
        return HANDLERS[name](Call(command, engine, rest))
    if _follows(name, rest):
        return interactive("it goes on until somebody ends it")
    if not name or name in LOOKS or (rest and rest[0] in OBJECT_LOOKS):
        return look()
    return unknown(
        UNTOLD.get(name, f"the command `{' '.join(words[:2])}` is not known")
    )


def _follows(name: str, given: Sequence[str]) -> bool:
    """Tell whether it shows what happens from now on, until Ctrl-C."""
    arguments = options.parse(given, ["-n", "--tail", "--since", "--until", "--filter"])
    if name == "logs":
        return arguments.has("-f", "--follow")
    return name in ("events", "stats") and not arguments.has("--no-stream", "--until")


def _named(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the short name of a subcommand and what follows it."""
    first, second = [*words, "", ""][:2]
    if (first, second) in FULL_NAMES:
        return FULL_NAMES[first, second], words[2:]
    if first in ("container", "image") and second in {*HANDLERS, *LOOKS}:
        return second, words[2:]
    if first in ("volume", "network", "system") and f"{first}-{second}" in HANDLERS:
        return f"{first}-{second}", words[2:]
    return first, words[1:]


def _forgets(*nouns: str) -> Handler:
    def handler(call: Call) -> Effects:
        def lost(known: Fact) -> bool:
            return any(call.engine.owns(known, noun) for noun in nouns)

        return change(forgets=lost, why="what is unused is not told")

    return handler


def _login(call: Call) -> Effects:
    if options.parse(call.given).has("-p", "--password", "--password-stdin"):
        return unknown("whether a registry takes the password is not told")
    return interactive("it asks for a password")


HANDLERS: dict[str, Handler] = {
    "run": containers.run,
    "create": containers.create,
    "start": containers.start,
    "restart": containers.becomes("running"),
    "stop": containers.becomes("exited"),
    "wait": containers.becomes("exited"),
    "pause": containers.becomes("paused"),
    "unpause": containers.becomes("running"),
    "kill": containers.kill,
    "rm": containers.remove,
    "rename": containers.rename,
    "exec": containers.execute,
    "attach": lambda _: opening("it joins what runs inside a container"),
    "cp": containers.copy,
    "pull": images.pull,
    "rmi": images.remove,
    "tag": images.tag,
    "build": images.build,
    "commit": images.commit,
    "import": images.import_archive,
    "save": images.write,
    "export": images.write,
    "load": lambda _: change(why="which images an archive holds is not told"),
    "login": _login,
    "volume-create": stores.create_volume,
    "volume-rm": stores.remove_volume,
    "volume-remove": stores.remove_volume,
    "network-create": stores.create_network,
    "network-rm": stores.remove_network,
    "network-remove": stores.remove_network,
    "network-connect": stores.connect,
    "network-disconnect": stores.disconnect,
    "volume-prune": _forgets("volume"),
    "network-prune": _forgets("network"),
    "container-prune": _forgets("container"),
    "image-prune": _forgets("image"),
    "system-prune": _forgets("container", "image", "network", "volume"),
}
