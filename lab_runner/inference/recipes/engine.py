"""The commands that docker, podman and nerdctl have in common, and what they leave.

What an engine's images, containers, volumes and networks are as facts, each says itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    change,
    fact,
    interactive,
    look,
    unknown,
)
from lab_runner.inference.recipes.container_options import Asked, asked

SOME_STATE = {"one_of": ["created", "running", "paused", "exited"]}
AN_ID = re.compile(r"(?:sha256:)?[0-9a-f]{12,64}")
BUILD = options.listed(
    """
    -f -o -t --add-host --allow --build-arg --build-context --builder --cache-from
    --cache-to --file --format --iidfile --label --layers --memory --metadata-file
    --network --output --platform --progress --secret --shm-size --ssh --tag --target
    --ulimit
    """
)
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


class Engine(Protocol):
    """The facts by which an engine's objects are seen; `state` may be a comparison."""

    def image(self, name: str) -> Fact: ...
    def no_image(self, name: str) -> Fact: ...
    def container(
        self, name: str, state: Any, made: Asked | None = None, /
    ) -> Fact: ...
    def no_container(self, name: str) -> Fact: ...
    def volume(self, name: str, **keys: Any) -> Fact: ...
    def no_volume(self, name: str) -> Fact: ...
    def network(self, name: str, **keys: Any) -> Fact: ...
    def no_network(self, name: str) -> Fact: ...
    def connected(self, network: str, container: str, /) -> tuple[Fact, ...]: ...
    def listening(self, made: Asked, /) -> tuple[Fact, ...]: ...
    def owns(self, known: Fact, noun: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Call:
    """A subcommand: the command it is of, the engine it speaks to, what follows it."""

    command: Invocation
    engine: Engine
    given: Sequence[str]


Handler = Callable[[Call], Effects]


def effects(command: Invocation, engine: Engine, words: Sequence[str]) -> Effects:
    """Return what a command line leaves, from its subcommand on."""
    name, rest = _named(words)
    if name in HANDLERS:
        return HANDLERS[name](Call(command, engine, rest))
    if name in LOOKS or (rest and rest[0] in OBJECT_LOOKS):
        return look()
    return unknown(
        UNTOLD.get(name, f"the command `{' '.join(words[:2])}` is not known")
    )


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


def _run(call: Call) -> Effects:
    made = asked(call.command, call.given)
    if refused := _refused(made):
        return refused
    facts = [call.engine.image(made.image), *map(call.engine.volume, made.volumes)]
    if made.is_detached:
        state: Any = "running" if made.lasts else {"one_of": ["running", "exited"]}
        if not made.is_removed or state == "running":
            facts += _kept(call.engine, made, state)
        return change(
            *facts, *call.engine.listening(made) if state == "running" else ()
        )
    if made.is_removed:
        facts += [call.engine.no_container(made.name)] if made.name else []
    else:
        facts += _kept(call.engine, made, "exited")
    if made.is_interactive:
        return Effects("interactive", tuple(facts), why="it opens a shell inside")
    return change(*facts)


def _create(call: Call) -> Effects:
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
    return [engine.container(made.name, state, made)] if made.name else []


def _becomes(state: str) -> Handler:
    """Return the handler of a command that takes containers into a state."""

    def handler(call: Call) -> Effects:
        names = options.parse(
            call.given, ["-t", "--time", "--timeout", "--signal"]
        ).words
        lost = _ports if state == "exited" else None
        return change(*(call.engine.container(n, state) for n in names), forgets=lost)

    return handler


def _start(call: Call) -> Effects:
    arguments = options.parse(call.given, ["--detach-keys"])
    if arguments.has("-i", "--interactive"):
        return interactive("it opens a shell inside")
    state = "exited" if arguments.has("-a", "--attach") else "running"
    return change(*(call.engine.container(name, state) for name in arguments.words))


def _kill(call: Call) -> Effects:
    arguments = options.parse(call.given, ["-s", "--signal"])
    signal = (arguments.value("-s", "--signal") or "KILL").removeprefix("SIG")
    if signal not in ("KILL", "9"):
        return change(why=f"what a program does on {signal} is its own")
    facts = (call.engine.container(name, "exited") for name in arguments.words)
    return change(*facts, forgets=_ports)


def _remove(call: Call) -> Effects:
    arguments = options.parse(call.given, ["-t", "--time"])
    if arguments.has("-a", "--all"):
        return change(
            forgets=lambda known: call.engine.owns(known, "container") or _ports(known),
            why="which containers there are is not told",
        )
    return change(*map(call.engine.no_container, arguments.words), forgets=_ports)


def _rename(call: Call) -> Effects:
    if len(call.given) != 2:
        return unknown("it takes the old name and the new one")
    return change(
        call.engine.no_container(call.given[0]),
        call.engine.container(call.given[1], SOME_STATE),
    )


def _exec(call: Call) -> Effects:
    valued = ["-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir"]
    arguments = options.parse(call.given, [*valued, "--detach-keys"], limit=1)
    if arguments.has("-t", "--tty"):
        return interactive("it opens a terminal inside a container")
    return unknown("what a program does inside a container is not seen from outside")


def _copy(call: Call) -> Effects:
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


def _pull(call: Call) -> Effects:
    valued = ["--platform", "--arch", "--os", "--creds", "--authfile", "--policy"]
    words = options.parse(call.given, [*valued, "--snapshotter"]).words
    return (
        change(*map(call.engine.image, words))
        if words
        else unknown("no image is named")
    )


def _remove_images(call: Call) -> Effects:
    arguments = options.parse(call.given)
    if arguments.has("-a", "--all"):
        return change(
            forgets=lambda known: call.engine.owns(known, "image"),
            why="which images there are is not told",
        )
    names = [each for each in arguments.words if not AN_ID.fullmatch(each)]
    why = "" if names else "which names an ID has is not told"
    return change(*map(call.engine.no_image, names), why=why)


def _tag(call: Call) -> Effects:
    return change(*map(call.engine.image, call.given[1:]))


def _build(call: Call) -> Effects:
    arguments = options.parse(call.given, BUILD)
    stays = arguments.has("--load") or not arguments.has("--push", "-o", "--output")
    if not stays or "," in (arguments.value("--platform") or ""):
        return unknown("what is built goes elsewhere")
    tags = arguments.values("-t", "--tag")
    return change(*map(call.engine.image, tags), why="" if tags else "it gets no name")


def _commit(call: Call) -> Effects:
    valued = ["-a", "--author", "-c", "--change", "-m", "--message", "-f", "--format"]
    names = options.parse(call.given, valued).words[1:]
    return change(
        *map(call.engine.image, names), why="" if names else "it gets no name"
    )


def _import(call: Call) -> Effects:
    valued = ["-c", "--change", "-m", "--message", "--platform"]
    names = options.parse(call.given, valued).words[1:]
    return change(
        *map(call.engine.image, names), why="" if names else "it gets no name"
    )


def _write(call: Call) -> Effects:
    """Return what `save` and `export` leave; `>` is seen to where redirects are."""
    arguments = options.parse(call.given, ["-o", "--output", "--format", "--platform"])
    written = arguments.value("-o", "--output")
    if written is None:
        return change()
    return change(fact("file", call.command.path(written), size={"at_least": 1}))


def _volume_create(call: Call) -> Effects:
    valued = ["-d", "--driver", "-l", "--label", "--name", "-o", "--opt"]
    arguments = options.parse(call.given, valued)
    names = [*arguments.words, *arguments.values("--name")]
    keys = {"driver": arguments.value("-d", "--driver")} | _labels(arguments)
    facts = (call.engine.volume(name, **keys) for name in names)
    return change(*facts, why="" if names else "it gets a name by chance")


def _volume_remove(call: Call) -> Effects:
    return change(*map(call.engine.no_volume, options.parse(call.given).words))


def _network_create(call: Call) -> Effects:
    valued = ["-d", "--driver", "--subnet", "--gateway", "--ip-range", "--label"]
    more = ["-o", "--opt", "--aux-address", "--config-from", "--ipam-driver"]
    arguments = options.parse(
        call.given, [*valued, *more, "--ipam-opt", "--scope", "--dns"]
    )
    keys = {
        "driver": arguments.value("-d", "--driver"),
        "internal": arguments.has("--internal") or None,
        "subnet": arguments.value("--subnet"),
        "gateway": arguments.value("--gateway"),
    } | _labels(arguments)
    return change(*(call.engine.network(name, **keys) for name in arguments.words))


def _network_remove(call: Call) -> Effects:
    return change(*map(call.engine.no_network, options.parse(call.given).words))


def _network_connect(call: Call) -> Effects:
    valued = ["--alias", "--driver-opt", "--ip", "--ip6", "--link", "--link-local-ip"]
    words = options.parse(call.given, valued).words
    if len(words) != 2:
        return unknown("it takes a network and a container")
    facts = call.engine.connected(*words)
    return change(*facts, why="" if facts else "networks of a container are not told")


def _network_disconnect(call: Call) -> Effects:
    return change(
        forgets=lambda known: (
            call.engine.owns(known, "container") or call.engine.owns(known, "network")
        ),
        why="which networks are left is not told",
    )


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


def _labels(arguments: options.Arguments) -> dict[str, Any]:
    pairs = (each.partition("=") for each in arguments.values("-l", "--label"))
    labels = {key: value for key, _, value in pairs}
    return {"labels": labels} if labels else {}


def _ports(known: Fact) -> bool:
    return known.kind == "port"


UNTOLD = {
    "": "without a subcommand it only shows its help",
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
HANDLERS: dict[str, Handler] = {
    "run": _run,
    "create": _create,
    "start": _start,
    "restart": _becomes("running"),
    "stop": _becomes("exited"),
    "wait": _becomes("exited"),
    "pause": _becomes("paused"),
    "unpause": _becomes("running"),
    "kill": _kill,
    "rm": _remove,
    "rename": _rename,
    "exec": _exec,
    "attach": lambda _: interactive("it joins what runs inside a container"),
    "cp": _copy,
    "pull": _pull,
    "rmi": _remove_images,
    "tag": _tag,
    "build": _build,
    "commit": _commit,
    "import": _import,
    "save": _write,
    "export": _write,
    "load": lambda _: change(why="which images an archive holds is not told"),
    "login": _login,
    "volume-create": _volume_create,
    "volume-rm": _volume_remove,
    "volume-remove": _volume_remove,
    "network-create": _network_create,
    "network-rm": _network_remove,
    "network-remove": _network_remove,
    "network-connect": _network_connect,
    "network-disconnect": _network_disconnect,
    "volume-prune": _forgets("volume"),
    "network-prune": _forgets("network"),
    "container-prune": _forgets("container"),
    "image-prune": _forgets("image"),
    "system-prune": _forgets("container", "image", "network", "volume"),
}
