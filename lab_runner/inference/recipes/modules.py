"""modprobe, insmod and rmmod: modules of the kernel, seen in /sys/module."""

from __future__ import annotations

import posixpath

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    change,
    fact,
    gone,
    look,
)

VALUED = ("-C", "--config", "-d", "--dirname", "-S", "--set-version", "-w", "--wait")
DRY = ("-n", "--dry-run", "--show", "-c", "--showconfig", "-D", "--show-depends")


def modprobe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED)
    if given.has(*DRY) or not given.words:
        return look()
    if given.has("-r", "--remove"):
        return change(*map(_unloaded, given.words))
    names = given.words if given.has("-a", "--all") else given.words[:1]
    return change(*map(_loaded, names))


def insmod(command: Invocation) -> Effects:
    words = options.parse(command.arguments).words[:1]
    return change(*(_loaded(posixpath.basename(w).partition(".")[0]) for w in words))


def rmmod(command: Invocation) -> Effects:
    return change(*map(_unloaded, options.parse(command.arguments).words))


def _loaded(name: str) -> Fact:
    return fact("file", _place(name), type="directory")


def _unloaded(name: str) -> Fact:
    return gone("file", _place(name))


def _place(name: str) -> str:
    return f"/sys/module/{name.replace('-', '_')}"
