"""runc, and crun which takes the same words."""

from __future__ import annotations

import posixpath
from typing import Any

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Invocation,
    change,
    fact,
    gone,
    interactive,
    look,
    opening,
    unknown,
)
from lab_runner.inference.recipes.lasting import is_session

GLOBAL = ("--root", "--log", "--log-format", "--criu", "--rootless")
VALUED = options.listed(
    """
    -b --bundle --console-socket --image-path --pid-file --preserve-fds --work-path
    --parent-path --manage-cgroups-mode --status-fd --lsm-profile --lsm-mount-context
    """
)
EXECUTED = options.listed(
    """
    -a -c -e -g -p -u --additional-gids --apparmor --cap --cgroup --console-socket
    --cwd --env --pid-file --preserve-fds --process --process-label --user
    """
)
LOOKS = frozenset(["features", "help", "list", "ls", "ps", "state"])
ALIVE = {"one_of": ["running", "stopped"]}
DEADLY = ("KILL", "9")
STATES: dict[str, Any] = {"start": ALIVE, "pause": "paused", "resume": "running"}


def recipe(command: Invocation) -> Effects:
    if command.program == "crun":
        return _crun(command)
    given = options.parse(command.arguments, GLOBAL, limit=1)
    root = given.value("--root")
    verb, *rest = given.words or ("",)
    if verb in LOOKS or not verb:
        return look()
    if verb == "spec":
        return spec(command, rest)
    if verb == "exec":
        return _exec(rest)
    arguments = options.parse(rest, VALUED)
    if verb == "events":
        is_once = arguments.has("--stats")
        return look() if is_once else interactive("it goes on until somebody ends it")
    if not arguments.words:
        return unknown("no container is named")
    return _container(command, verb, arguments, root)


def _crun(command: Invocation) -> Effects:
    """Read crun, which keeps its containers where the check of runc does not look."""
    given = options.parse(command.arguments, GLOBAL, limit=1).words
    verb, *rest = given or ("",)
    if verb in LOOKS or not verb:
        return look()
    if verb == "spec":
        return spec(command, rest)
    return unknown("the containers of crun are not told by a fact")


def spec(command: Invocation, given: list[str]) -> Effects:
    folder = options.parse(given, ["-b", "--bundle"]).value("-b", "--bundle") or "."
    path = posixpath.join(command.path(folder), "config.json")
    return change(fact("file", path, content={"contains": '"ociVersion"'}))


def _container(
    command: Invocation, verb: str, given: options.Arguments, root: str | None
) -> Effects:
    name, *rest = given.words
    bundle = command.path(given.value("-b", "--bundle") or ".")
    match verb:
        case "run" | "restore" if not given.has("-d", "--detach"):
            return opening("it runs until its program ends")
        case "run" | "restore":
            made = fact("runc", name, status=ALIVE, root=root, bundle=bundle)
            return change(made)
        case "create":
            made = fact("runc", name, status="created", root=root, bundle=bundle)
            return change(made)
        case "start" | "pause" | "resume":
            return change(fact("runc", name, status=STATES[verb], root=root))
        case "kill":
            return _kill(name, rest, root)
        case "delete":
            return change(gone("runc", name, root=root))
        case "checkpoint" if not given.has("--leave-running"):
            return change(gone("runc", name, root=root))
        case "checkpoint":
            path = command.path(given.value("--image-path") or "checkpoint")
            return change(fact("file", path, type="directory"))
        case "update":
            return unknown("limits are not told by a fact")
    return unknown(f"labrun knows no `runc {verb}`")


def _kill(name: str, given: list[str], root: str | None) -> Effects:
    signal = given[0].removeprefix("SIG") if given else "TERM"
    if signal not in DEADLY:
        return unknown(f"what a program does on {signal} is its own")
    return change(fact("runc", name, status="stopped", root=root))


def _exec(given: list[str]) -> Effects:
    arguments = options.parse(given, EXECUTED, limit=1)
    if arguments.has("-t", "--tty") and is_session(arguments.words[1:]):
        return opening("it opens a terminal inside a container")
    return unknown("what a program does inside a container is not seen from outside")
