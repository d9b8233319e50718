"""systemctl and service: units started, stopped and enabled."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from lab_runner.inference import options
from lab_runner.inference.model import (
    ANY,
    UNKNOWN,
    Effects,
    Fact,
    Forgets,
    Invocation,
    change,
    fact,
    look,
    unknown,
)
from lab_runner.inference.recipes.units import may_end

BRIEF = "a unit of its kind ends by itself when it has done its work"
VALUED = options.listed(
    """
    -t -p -P -n -o -s -H -M --type --state --property --lines --output --signal
    --host --machine --job-mode --what --kill-whom --root --when
    """
)
STARTS = options.listed(
    """
    start restart reload-or-restart reload
    """
)
UNSEEN = options.listed(
    """
    daemon-reload daemon-reexec reset-failed edit set-property set-default isolate
    preset link revert
    """
)
LOOKS = options.listed(
    """
    list-units list-unit-files list-timers list-sockets list-dependencies
    list-jobs is-failed show cat help is-system-running get-default show-environment
    """
)
CONTAINERD = options.listed(
    """
    containerd image container task namespace snapshot content lease cri
    cri-image
    """
)
DOCKER = options.listed(
    """
    docker docker-image docker-container docker-network docker-volume port
    """
)
SERVES = {"containerd": CONTAINERD, "docker": DOCKER}
"""What can be asked only while a daemon runs."""


def recipe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, VALUED)
    verb, *units = given.words or ("list-units",)
    if verb in LOOKS:
        return look()
    if given.has("--user") or given.has("--root", "-H", "-M"):
        is_look = verb.startswith(("is-", "status"))
        why = "labrun asks only for the system's own units"
        return look(why=why) if is_look else change(why=why)
    done = _done(verb, [_name(each) for each in units], is_now=given.has("--now"))
    return _sure(command, done)


def service(command: Invocation) -> Effects:
    """`service NAME VERB`, the older way to say `systemctl VERB NAME`."""
    words = command.arguments
    if len(words) != 2 or words[0].startswith("-"):
        return look()
    return _sure(command, _done(words[1], [_name(words[0])], is_now=False))


def _sure(command: Invocation, done: Effects) -> Effects:
    """Do not tell of a unit that may have ended by itself that it runs."""
    brief = {
        each.identity
        for each in done.facts
        if each.spec["active"] is True and may_end(command, each.subject)
    }
    if not brief:
        return done
    facts = (
        _boot(each.subject, enabled=each.spec["enabled"])
        if each.identity in brief
        else each
        for each in done.facts
        if each.identity not in brief or "enabled" in each.spec
    )
    return replace(done, facts=tuple(facts), why=BRIEF).forgetting(
        lambda known: known.identity in brief and known.spec["active"] is False
    )


def _done(verb: str, units: list[str], *, is_now: bool) -> Effects:
    if verb in STARTS:
        states = (_state(each, active=True) for each in units)
        return change(*states, forgets=_restarted(verb, units))
    if verb in UNSEEN:
        return change(why="labrun cannot look at what it sets")
    match verb:
        case "status" | "is-active":
            return look(*(_state(each, active=True) for each in units))
        case "is-enabled":
            return look(*(_boot(each, enabled=True) for each in units))
        case "kill" | "unmask" | "try-restart" | "condrestart":
            return change(forgets=_of(units), why="what follows depends on the unit")
        case "stop":
            states = (_state(each, active=False) for each in units)
            return change(*states, forgets=_silenced(units))
        case "enable" | "reenable":
            return change(*_switched(units, is_on=True, is_now=is_now))
        case "disable" | "mask":
            facts = _switched(units, is_on=False, is_now=is_now)
            return change(*facts, forgets=_silenced(units if is_now else []))
        case "poweroff" | "reboot" | "halt":
            return change(forgets=lambda _: True, why="the machine goes down")
    return unknown(f"labrun knows no `systemctl {verb}`")


def power(_: Invocation) -> Effects:
    """Read `reboot`, `shutdown` and the like."""
    return _done("reboot", [], is_now=False)


def _switched(units: list[str], *, is_on: bool, is_now: bool) -> list[Fact]:
    if is_now:
        return [_state(each, active=is_on, enabled=is_on) for each in units]
    return [_boot(each, enabled=is_on) for each in units]


def _state(unit: str, *, active: bool, enabled: bool | None = None) -> Fact:
    return fact("service", unit, active=active, enabled=enabled)


def _boot(unit: str, *, enabled: bool) -> Fact:
    """What is known of whether it runs stays known; by itself this tells nothing of it."""
    return fact("service", unit, active=ANY, enabled=enabled)


def _of(units: list[str]) -> Forgets:
    return lambda known: known.kind == "service" and known.subject in units


def _silenced(units: list[str]) -> Forgets:
    """Forget what is asked through a daemon that no longer runs."""
    kinds = {kind for unit in units for kind in SERVES.get(unit, ())}
    return lambda known: known.kind in kinds


def _restarted(verb: str, units: list[str]) -> Forgets | None:
    """Forget what runs under Docker: its containers stop when it restarts."""
    if "docker" not in units or "restart" not in verb:
        return None
    return lambda known: known.kind in ("docker-container", "port")


def _name(unit: str) -> str:
    return posixpath.basename(unit).removesuffix(".service").replace("*", UNKNOWN)
