"""The kind `service`: a systemd unit, whether it runs and starts at boot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from checks.doors.machine import Machine
from checks.errors import SpecError
from checks.host import missing_unit, systemd
from checks.host.aspects import Aspect, difference
from checks.host.systemd import Unit
from checks.matchers import Matcher
from checks.verdict import Facts, Verdict, failed, passed

# systemd.unit(5); anything else would be taken for a pattern or be escaped.
NAME = re.compile(r"[A-Za-z0-9:_.\\@-]+")
SUFFIX = re.compile(
    r"\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$"
)
ACTIVE, STOPPED = ("active", "reloading"), ("inactive", "failed")
ASLEEP = ("inactive", "disabled")
MASKED = ("masked", "masked-runtime")
NEVER_ENABLED = ("static", "generated", "transient")


@dataclass(frozen=True, slots=True)
class Service:
    """A systemd unit: whether it runs now and whether it is started at boot.

        - service: containerd
          active: true
          enabled: true

    Sockets, timers and the other units are written with their suffix.
    """

    FACTS: ClassVar = (
        "unit",
        "load_state",
        "active_state",
        "sub_state",
        "unit_file_state",
        "main_pid",
        "result",
        "restarts",
        "needs_reload",
    )

    service: str
    """The name of a unit; `.service` is added to one without a suffix."""
    active: Literal["true", "false", "any"] = "true"
    """Whether it runs; `false` is met by a failed unit as well, `any` asks nothing."""
    enabled: bool | None = None
    """Whether it is started at boot; not looked at unless it is given."""
    sub_state: Matcher | None = None
    """systemd's own word, such as `running`, `exited` or `listening`."""
    exists: bool = True
    """`false` asks that systemd knows no such unit."""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.service):
            message = f"`service`: `{self.service}` is not the name of a unit"
            raise SpecError(message, path=("service",))
        if SUFFIX.sub("", self.service).endswith("@"):
            message = f"`service`: `{self.service}` is a template, which never runs"
            remedy = "write an instance of it after the `@`"
            raise SpecError(message, remedy, path=("service",))

    def run(self, machine: Machine) -> Verdict:
        name = (
            self.service if SUFFIX.search(self.service) else f"{self.service}.service"
        )
        unit = systemd.unit(machine, name)
        if unit.load_state == "not-found":
            return self._unknown(machine, unit)
        summary, facts = _described(unit), _facts(unit)
        if not self.exists:
            return failed(summary, expected="no such unit", facts=facts)
        sub_state = Aspect("sub-state", self.sub_state, unit.sub_state)
        return (
            self._other_activity(machine, unit)
            or self._other_enablement(unit)
            or difference(f"`{name}`", [sub_state], facts)
            or passed(summary, facts)
        )

    def _unknown(self, machine: Machine, unit: Unit) -> Verdict:
        name = unit.name
        if unit.active_state not in STOPPED:
            summary = f"`{name}` is {unit.active_state}, but its unit file is gone"
            return failed(summary, hint=f"systemctl stop {name}", facts=_facts(unit))
        summary = f"systemd knows no unit `{name}`"
        if not self.exists:
            return passed(summary)
        near = missing_unit.similar(machine, name)
        return failed(f"{summary}{near}", hint="systemctl list-unit-files")

    def _other_activity(self, machine: Machine, unit: Unit) -> Verdict | None:
        wanted = {"true": ACTIVE, "false": STOPPED}
        if self.active == "any" or unit.active_state in wanted[self.active]:
            return None
        if self.active == "true":
            summary, hint = _explained(machine, unit)
            if self.enabled and (unit.active_state, unit.unit_file_state) == ASLEEP:
                hint = f"systemctl enable --now {unit.name}"
            if unit.needs_reload:
                summary += ", and its unit file has changed since systemd read it"
                hint = f"systemctl daemon-reload && systemctl restart {unit.name}"
        else:
            summary, hint = _described(unit), f"systemctl stop {unit.name}"
        return failed(
            summary,
            expected="active" if self.active == "true" else "inactive",
            actual=unit.active_state,
            hint=hint,
            facts=_facts(unit),
        )

    def _other_enablement(self, unit: Unit) -> Verdict | None:
        state = unit.unit_file_state
        starts = ("enabled",) if self.enabled else ("enabled", "enabled-runtime")
        if self.enabled in (None, state in starts):
            return None
        verb = "enable" if self.enabled else "disable"
        hint = "" if state in NEVER_ENABLED else f"systemctl {verb} {unit.name}"
        if self.enabled and state in MASKED:
            hint = f"systemctl unmask {unit.name} && {hint}"
        return failed(
            _enablement(unit) if self.enabled else _described(unit),
            expected=f"{verb}d",
            actual=state or "no unit file",
            hint=hint,
            facts=_facts(unit),
        )


def _described(unit: Unit) -> str:
    state, sub_state = unit.active_state, unit.sub_state
    activity = state if state == sub_state else f"{state} ({sub_state})"
    enablement = f" and {unit.unit_file_state}" if unit.unit_file_state else ""
    return f"`{unit.name}` is {activity}{enablement}"


def _enablement(unit: Unit) -> str:
    if unit.unit_file_state == "enabled-runtime":
        return f"`{unit.name}` is enabled only until the next boot"
    if unit.unit_file_state in NEVER_ENABLED:
        return f"`{unit.name}` cannot be enabled, it is {unit.unit_file_state}"
    return _described(unit)


def _explained(machine: Machine, unit: Unit) -> tuple[str, str]:
    """Say why a unit is not active, and what helps."""
    name, log = unit.name, f"journalctl --unit={unit.name} --lines=20 --no-pager"
    match unit.load_state, unit.active_state, unit.sub_state:
        case "masked", _, _:
            return f"`{name}` is masked", f"systemctl unmask {name}"
        case "bad-setting" | "error", _, _:
            return f"`{name}` has a faulty unit file", f"systemd-analyze verify {name}"
        case _, "failed", _:
            again = (
                f" and was restarted {_times(unit)} in vain" if unit.restarts else ""
            )
            return f"`{name}` failed ({unit.cause}){again}{_said(machine, unit)}", log
        case _, _, "auto-restart":
            why = f"({unit.cause}, restarted {_times(unit)}){_said(machine, unit)}"
            return f"`{name}` does not stay up {why}", log
        case _, "inactive", _ if unit.is_skipped:
            summary = f"`{name}` was not started, one of its conditions is not met"
            return summary, f"systemctl cat {name}"
        case _, "inactive", _:
            by_hand = missing_unit.by_hand(machine, name)
            return f"{_described(unit)}{by_hand}", f"systemctl start {name}"
        case _, "activating", _:
            return f"`{name}` is still starting ({unit.sub_state})", log
        case _:
            return _described(unit), f"systemctl status {name}"


def _times(unit: Unit) -> str:
    return "once" if unit.restarts == 1 else f"{unit.restarts} times"


def _said(machine: Machine, unit: Unit) -> str:
    words = systemd.last_words(machine, unit)
    return f", its last log line: {words}" if words else ""


def _facts(unit: Unit) -> Facts:
    return {
        "unit": unit.name,
        "load_state": unit.load_state,
        "active_state": unit.active_state,
        "sub_state": unit.sub_state,
        "unit_file_state": unit.unit_file_state,
        "main_pid": unit.main_pid,
        "result": unit.result,
        "restarts": unit.restarts,
        "needs_reload": unit.needs_reload,
    }
