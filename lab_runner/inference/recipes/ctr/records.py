"""`ctr namespaces`, `ctr snapshots` and `ctr leases`."""

from __future__ import annotations

from collections.abc import Sequence

from lab_runner.inference import options
from lab_runner.inference.model import Effects, Fact, change, fact, gone, look, unknown
from lab_runner.inference.recipes.ctr.client import (
    LOOK_VERBS,
    REMOVES,
    Client,
    labels,
)


def namespaces(client: Client, verb: str, words: Sequence[str]) -> Effects:
    names = options.parse(words).words
    address = {"address": client.address} if client.address else {}
    match verb:
        case "create" | "c" | "label" if names:
            name, *pairs = names
            return change(fact("namespace", name, labels=labels(pairs), **address))
        case _ if verb in REMOVES:
            return change(
                *(gone("namespace", each, **address) for each in names),
                forgets=lambda known: known.spec.get("namespace") in names,
            )
        case _ if verb in LOOK_VERBS:
            return look()
    return unknown(f"labrun knows no `ctr namespaces {verb}`")


def snapshots(client: Client, verb: str, words: Sequence[str]) -> Effects:
    """`prepare KEY PARENT`, `view KEY PARENT`, `commit KEY ACTIVE`, `rm KEY…`."""
    given = options.parse(words, ("--snapshotter", "-t", "--target"))
    names, kept = given.words, given.value("--snapshotter")
    match verb, names:
        case "prepare", (key, *parent):
            return change(_made(client, key, "active", parent, kept))
        case "view", _:
            return change(why="containerd may collect it as garbage at any time")
        case "commit", (key, active):
            committed = _made(client, key, "committed", (), kept)
            return change(*client.gone("snapshot", active), committed)
        case "label", _:
            return change(why="labels of snapshots are not looked at")
        case "unpack", _:
            return change(why="it says no key for what it makes")
        case (("mounts" | "mount" | "m"), _):
            return look()
        case _, _ if verb in REMOVES:
            return change(*client.gone("snapshot", *names))
        case _, _ if verb in LOOK_VERBS:
            return look()
    return unknown(f"labrun knows no `ctr snapshots {verb}`")


def _made(
    client: Client, key: str, kind: str, parent: Sequence[str], kept: str | None
) -> Fact:
    below = parent[0] if parent else None
    keys = {"kind": kind, "parent": below, "snapshotter": kept}
    return client.fact("snapshot", key, keys)


def leases(client: Client, verb: str, words: Sequence[str]) -> Effects:
    given = options.parse(words, ("--id", "--expires", "-x"))
    name = given.value("--id")
    if verb == "create" and name:
        return change(client.fact("lease", name, labels=labels(given.words)))
    if verb == "create":
        return change(why="containerd chooses the name of the lease")
    if verb in REMOVES:
        return change(*client.gone("lease", *given.words))
    if verb in LOOK_VERBS:
        return look()
    return unknown(f"labrun knows no `ctr leases {verb}`")
