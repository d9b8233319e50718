"""`ctr`: its global options, and the part of it that is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checks.containerd import flavours
from checks.containerd.flavours import Flavour
from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Invocation,
    change,
    interactive,
    look,
    unknown,
)
from lab_runner.inference.recipes import crictl
from lab_runner.inference.recipes.ctr import client, containers, images, records
from lab_runner.inference.recipes.ctr.client import Handler

VALUED = options.listed("-a --address --timeout --connect-timeout -n --namespace")
NOUN_VALUED = ("--snapshotter",)
NOUNS: Mapping[str, Handler] = {
    **dict.fromkeys(("images", "image", "i"), images.images),
    "content": images.content,
    **dict.fromkeys(("containers", "container", "c"), containers.containers),
    **dict.fromkeys(("tasks", "task", "t"), containers.tasks),
    **dict.fromkeys(("namespaces", "namespace", "ns"), records.namespaces),
    **dict.fromkeys(("snapshots", "snapshot"), records.snapshots),
    **dict.fromkeys(("leases", "lease"), records.leases),
}
LOOKS = options.listed("version plugins plugin info pprof oci deprecations help")


def ctr(command: Invocation) -> Effects:
    return _asked(command, flavours.DISTRIBUTION)


def microk8s(command: Invocation) -> Effects:
    """`microk8s ctr` is what inference knows of MicroK8s; its other commands ask it."""
    match command.arguments:
        case ("ctr", *_):
            inner = replace(command, argv=command.arguments)
            return _asked(inner, flavours.MICROK8S)
        case ("status" | "inspect" | "version" | "config", *_) | ():
            return look()
    return unknown("of MicroK8s labrun knows `microk8s ctr`")


def microk8s_ctr(command: Invocation) -> Effects:
    """The same command by its older name."""
    return _asked(command, flavours.MICROK8S)


def k3s(command: Invocation) -> Effects:
    match command.arguments:
        case ("ctr", *_):
            return _asked(replace(command, argv=command.arguments), flavours.K3S)
        case ("crictl", *_):
            told = {"CONTAINER_RUNTIME_ENDPOINT": flavours.K3S.address}
            environment = {**command.environment, **told}
            return crictl.recipe(
                replace(command, argv=command.arguments, environment=environment)
            )
        case ("check-config", *_) | ():
            return look()
    return unknown("of k3s labrun knows `k3s ctr` and `k3s crictl`")


def _asked(command: Invocation, flavour: Flavour) -> Effects:
    given = options.parse(command.arguments, VALUED, limit=1)
    noun, *words = given.words or ("help",)
    asks = client.of(
        command,
        flavour,
        given.value("-n", "--namespace"),
        given.value("-a", "--address"),
    )
    if noun == "run":
        return containers.run(asks, words)
    if noun in NOUNS:
        return _of_noun(NOUNS[noun], asks, words)
    if noun in LOOKS:
        return look()
    if noun in ("events", "event"):
        return interactive("it goes on until somebody ends it")
    if noun == "install":
        return change(why="which programs an image brings is not told")
    return unknown(f"labrun knows no `ctr {noun}`")


def _of_noun(handler: Handler, asks: client.Client, words: list[str]) -> Effects:
    """A noun alone shows its help; options may stand between it and its verb."""
    given = options.parse(words, NOUN_VALUED, limit=1)
    if not given.words:
        return look()
    verb, *rest = given.words
    kept = given.value("--snapshotter")
    said = ["--snapshotter", kept] if kept else []
    return handler(asks, verb, [*said, *rest])
