"""The kind `event`: something that happened since the learner was shown the step."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from checks import watched
from checks.account import Account
from checks.containerd.connect import check_address
from checks.docker import client, events
from checks.doors.machine import Machine
from checks.doors.witness import Record, Witness
from checks.errors import CheckError, SpecError
from checks.matchers import Matcher
from checks.times import ago
from checks.verdict import Facts, Verdict, failed, passed
from checks.words import did_you_mean

SHOWN_FIELDS, TEXT_LIMIT = 4, 100


@dataclass(frozen=True, slots=True)
class Event:
    """Something that containerd or Docker told to have happened since the step began.

        - event: /tasks/exit
          namespace: default
          fields: {container_id: web, exit_status: 3}

    Docker is asked with `source: docker`, an event such as `container/die` and fields
    such as `{name: web, exitCode: 3}`.

    containerd forgets what it has told. So its events are known only while `labrun
    shell` is open, which writes them down for a lab that asks for any. Of a daemon that
    has just been started, the first tenth of a second can be missed. Docker remembers
    its 256 newest events until it ends. Where something might have happened unseen, the
    check cannot tell.
    """

    FACTS: ClassVar = ("source", "namespace", "topic", "fields", "time")
    NARROWED_BY: ClassVar = ("source", "namespace", "fields")

    event: str
    """The topic, as `ctr events` shows it; of Docker the type, `/` and the action."""
    source: Literal["containerd", "docker"] = "containerd"
    """Who tells it."""
    namespace: Matcher | None = None
    """The namespace of containerd; without it, any. Docker has none."""
    fields: Mapping[str, Matcher] | None = None
    """What it must say, by the names that `ctr events` or `docker events` shows; of
    Docker also `id`, and `detail` for what follows a colon, as in `health_status:
    healthy`."""
    exists: bool = True
    """`false` asks that it has not happened since the step began."""
    address: str | None = None

    def __post_init__(self) -> None:
        if self.source == "docker":
            self._check_docker()
            return
        check_address(self.address)
        if not self.event.startswith("/"):
            raise SpecError(
                f"`event`: `{self.event}` is no topic of containerd",
                "write one such as `/images/create`, or `source: docker`",
                path=("event",),
            )

    def _check_docker(self) -> None:
        client.check_address(self.address)
        events.check_topic(self.event)
        if self.namespace:
            message = "`namespace`: Docker's events have none"
            raise SpecError(message, "leave it out", path=("namespace",))

    def run(self, machine: Machine) -> Verdict:
        witness = machine.witness
        if witness is None:
            raise CheckError(
                "what has happened is known only of a step that was shown",
                "take the lab: `labrun next`",
            )
        account = self._account(machine, witness)
        since = [each for each in account.events if each["time"] >= witness.since]
        happened = [each for each in since if self._is_meant(each)]
        if happened:
            return self._happened(happened[-1])
        account.require_whole(witness.since)
        summary = f"No event `{self.event}`{self._wanted} since the step began"
        if not self.exists:
            return passed(summary)
        return failed(summary + self._near(account.events, since), facts=_facts(since))

    def _account(self, machine: Machine, witness: Witness) -> Account:
        if self.source == "docker":
            return events.account(machine, self.address)
        return watched.account(witness, self.source, self.address)

    def _is_meant(self, record: Record) -> bool:
        return record["topic"] == self.event and not list(self._differences(record))

    def _differences(self, record: Record) -> Iterator[tuple[str, Any]]:
        """Yield what an event says otherwise than is asked: name and value."""
        if self.namespace and not self.namespace.accepts(record.get("namespace")):
            yield "namespace", record.get("namespace")
        for name, wanted in (self.fields or {}).items():
            observed = record["fields"].get(name)
            if not wanted.accepts(observed):
                yield name, observed

    def _happened(self, record: Record) -> Verdict:
        when = ago(time.time() - record["time"])
        summary = f"Event `{self.event}`{_said(record)} happened {when}"
        if self.exists:
            return passed(summary, _facts([record]))
        return failed(summary, expected="no such event", facts=_facts([record]))

    @property
    def _wanted(self) -> str:
        asked = dict(self.fields or {})
        if self.namespace:
            asked = {"namespace": self.namespace, **asked}
        words = [f"{name} {wanted.describe()}" for name, wanted in asked.items()]
        return f" with {' and '.join(words)}" if words else ""

    def _near(self, told: Sequence[Record], since: Sequence[Record]) -> str:
        """Word what happened instead, as the end of a sentence."""
        same = [each for each in since if each["topic"] == self.event]
        if same:
            differs = [f"{n} `{_text(v)}`" for n, v in self._differences(same[-1])]
            return f", only one with {' and '.join(differs)}"
        before = [each for each in told if self._is_meant(each)]
        if before:
            return f"; it happened before, {ago(time.time() - before[-1]['time'])}"
        return self._of_same(since) or did_you_mean(
            self.event, {each["topic"] for each in since}
        )

    def _of_same(self, since: Sequence[Record]) -> str:
        """Word what else happened to what the first field names."""
        for name, wanted in list((self.fields or {}).items())[:1]:
            same = [each for each in since if wanted.accepts(each["fields"].get(name))]
            if same:
                last = same[-1]
                value = _text(last["fields"][name])
                return f", only `{last['topic']}` with {name} `{value}`"
        return ""


def _facts(records: Sequence[Record]) -> Facts:
    """Return the last event as facts; there are none where nothing happened."""
    if not records:
        return {}
    last = records[-1]
    return {name: last.get(name) for name in Event.FACTS}


def _said(record: Record) -> str:
    fields = list(record["fields"].items())[:SHOWN_FIELDS]
    words = [f"{name} `{_text(value)}`" for name, value in fields]
    return f" with {' and '.join(words)}" if words else ""


def _text(value: object) -> str:
    return str(value)[:TEXT_LIMIT]
