"""`ctr run`, `ctr containers` and `ctr tasks`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    change,
    interactive,
    look,
    opening,
    unknown,
)
from lab_runner.inference.recipes.ctr.client import (
    LOOK_VERBS,
    REMOVES,
    Client,
    labelled,
    labels,
)
from lab_runner.inference.recipes.lasting import lasts
from lab_runner.inference.wrappers import SHELLS

VALUED = options.listed(
    """
    --log-uri --fifo-dir --cgroup --platform --runc-binary --runc-root --cpus --uidmap
    --cpu-shares --snapshotter --snapshotter-label --config --cwd --env --env-file
    --label --annotation --mount --runtime --runtime-config-path --with-ns --pid-file
    --gpus --memory-limit --device --cap-add --cap-drop --seccomp-profile --gidmap
    --apparmor-default-profile --apparmor-profile --rdt-class --cpu-quota --exec-id
    --cpu-period --rootfs-propagation --user -u -s --signal --hostname -c
    """
)
TYPED = "somebody has to type into the container"
LOOKS = ("ps", "metrics", "metric", *LOOK_VERBS)
STATES = {"start": "running", "pause": "paused", "resume": "running"}
BEGUN = {"one_of": ["running", "stopped"]}
REFUSED = "some versions of `ctr` refuse `--rm` in the background"
KILLS = ("9", "KILL", "SIGKILL")


def run(client: Client, words: Sequence[str]) -> Effects:
    """Of `--rm` nothing is left; in the foreground the task ends with the command."""
    given = options.parse(words, VALUED, limit=1)
    image, name, program = _asked(given)
    is_detached = given.has("-d", "--detach")
    if given.has("-t", "--tty") and not is_detached and _waits(program):
        return opening(TYPED)
    if not name:
        return look()
    if given.has("--rm"):
        return change(why=REFUSED) if is_detached else look()
    container = _container(client, given, image, name, program)
    if is_detached and not container.instead:
        return change(container, client.fact("task", name, status="running"))
    return change(container)


def containers(client: Client, verb: str, words: Sequence[str]) -> Effects:
    given = options.parse(words, VALUED, limit=1 if verb in ("create", "c") else None)
    names = given.words
    match verb:
        case "create" | "c" if names:
            return change(_container(client, given, *_asked(given)))
        case "label":
            return labelled(client, "container", names)
        case "info" if names:
            return look(client.fact("container", names[0]))
        case "checkpoint" if len(names) > 1:
            return change(client.fact("image", names[1]))
        case "restore" if names:
            return change(client.fact("container", names[0]))
        case _ if verb in REMOVES:
            return _removed(client, names)
        case _ if verb in LOOK_VERBS:
            return look()
    return unknown(f"labrun knows no `ctr containers {verb}`")


def tasks(client: Client, verb: str, words: Sequence[str]) -> Effects:
    given = options.parse(words, VALUED, limit=1 if verb == "exec" else None)
    name = next(iter(given.words), "")
    if verb == "start" and not given.has("-d", "--detach"):
        return interactive("it waits until the container's program ends")
    if verb in STATES:
        return change(client.fact("task", name, status=STATES[verb]))
    if verb in REMOVES:
        return change(*client.gone("task", *given.words))
    if verb in LOOKS:
        return look()
    match verb:
        case "kill":
            return _killed(client, given, name)
        case "attach":
            return opening(TYPED)
        case "exec":
            is_typed = given.has("-t", "--tty") and _waits(given.words[1:])
            return opening(TYPED) if is_typed else look()
        case "checkpoint":
            return change(why="it says no name for what it makes")
    return unknown(f"labrun knows no `ctr tasks {verb}`")


def _asked(given: options.Arguments) -> tuple[str | None, str, tuple[str, ...]]:
    """Return image, id and command; a bundle or a root file system has no image."""
    words = given.words
    if given.has("--config", "--rootfs"):
        skipped = 1 if given.has("--rootfs") and not given.has("--config") else 0
        image, words = None, words[skipped:]
    else:
        image, words = next(iter(words), None), words[1:]
    return image, next(iter(words), ""), words[1:]


def _container(
    client: Client,
    given: options.Arguments,
    image: str | None,
    name: str,
    program: Sequence[str],
) -> Fact:
    """Return the container; of one whose program may end, the task may have stopped."""
    made = client.fact(
        "container",
        name,
        image=image,
        runtime=given.value("--runtime"),
        snapshotter=given.value("--snapshotter"),
        labels=labels(given.values("--label")),
    )
    surely_lasts = bool(image or program) and lasts(
        image or "",
        program,
        has_terminal=given.has("-t", "--tty"),
        environment=given.values("--env"),
    )
    begun = {"running": client.fact("task", name, status=BEGUN)}
    return made if surely_lasts else replace(made, instead=begun)


def _killed(client: Client, given: options.Arguments, name: str) -> Effects:
    """Only the one signal that no program can ignore surely ends the task."""
    if given.has("--exec-id"):
        return change(why="other processes of a container are not looked at")
    if given.value("-s", "--signal") in KILLS:
        return change(client.fact("task", name, status="stopped"))
    return change(
        forgets=lambda known: known.kind == "task" and known.subject == name,
        why="a program may ignore the signal",
    )


def _removed(client: Client, names: Sequence[str]) -> Effects:
    """A container is only removed without a task, and a stopped one goes with it."""
    tasks_of_them = {each.identity for each in client.gone("task", *names)}
    return change(
        *client.gone("container", *names),
        forgets=lambda known: known.identity in tasks_of_them,
    )


def _waits(program: Sequence[str]) -> bool:
    return not program or (
        len(program) == 1 and program[0].rpartition("/")[2] in SHELLS
    )
