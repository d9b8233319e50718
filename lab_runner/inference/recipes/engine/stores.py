"""Subcommands about volumes and networks."""

from __future__ import annotations

from typing import Any

from lab_runner.inference import options
from lab_runner.inference.model import Effects, change, unknown
from lab_runner.inference.recipes.engine.call import Call


def create_volume(call: Call) -> Effects:
    valued = ["-d", "--driver", "-l", "--label", "--name", "-o", "--opt"]
    arguments = options.parse(call.given, valued)
    names = [*arguments.words, *arguments.values("--name")]
    keys = {"driver": arguments.value("-d", "--driver")} | _labels(arguments)
    facts = (call.engine.volume(name, **keys) for name in names)
    return change(*facts, why="" if names else "it gets a name by chance")


def remove_volume(call: Call) -> Effects:
    return change(*map(call.engine.no_volume, options.parse(call.given).words))


def create_network(call: Call) -> Effects:
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


def remove_network(call: Call) -> Effects:
    return change(*map(call.engine.no_network, options.parse(call.given).words))


def connect(call: Call) -> Effects:
    valued = ["--alias", "--driver-opt", "--ip", "--ip6", "--link", "--link-local-ip"]
    words = options.parse(call.given, valued).words
    if len(words) != 2:
        return unknown("it takes a network and a container")
    facts = call.engine.connected(*words)
    return change(*facts, why="" if facts else "networks of a container are not told")


def disconnect(call: Call) -> Effects:
    return change(
        forgets=lambda known: (
            call.engine.owns(known, "container") or call.engine.owns(known, "network")
        ),
        why="which networks are left is not told",
    )


def _labels(arguments: options.Arguments) -> dict[str, Any]:
    pairs = (each.partition("=") for each in arguments.values("-l", "--label"))
    labels = {key: value for key, _, value in pairs}
    return {"labels": labels} if labels else {}
