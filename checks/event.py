"""The kind `event`: something that happened since the learner was shown the step."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from checks.containerd.connect import check_address
from checks.doors.machine import Machine
from checks.doors.witness import Record, Witness
from checks.errors import CheckError, SpecError
from checks.matchers import Matcher
from checks.times import ago
from checks.verdict import Facts, Verdict, failed, passed
from checks.words import did_you_mean

ANEW = "do it again in `labrun shell`, which watches"
SHOWN_FIELDS, TEXT_LIMIT = 4, 100


@dataclass(frozen=True, slots=True)
class Event:
    """Something that containerd told to have happened since the step began.

        - event: /tasks/exit
          namespace: default
          fields: {container_id: web, exit_status: 3}

    containerd forgets what it has told. So its events are known only while `labrun
    shell` is open, which writes them down for a lab that asks for any; where something
    might have happened unseen, the check cannot tell. Of a daemon that has just been
    started, the first tenth of a second can be missed.
    """

    FACTS: ClassVar = ("source", "namespace", "topic", "fields", "time")
    NARROWED_BY: ClassVar = ("source", "namespace", "fields")

    event: str
    """The topic, as `ctr events` shows it."""
    source: Literal["containerd"] = "containerd"
    """Who tells it."""
    namespace: Matcher | None = None
    """The namespace of containerd; without it, any."""
    fields: Mapping[str, Matcher] | None = None
    """What it must say, by the names that `ctr events` shows."""
    exists: bool = True
    """`false` asks that it has not happened since the step began."""
    address: str | None = None

    def __post_init__(self) -> None:
        check_address(self.address)
        if not self.event.startswith("/"):
            raise SpecError(
                f"`event`: `{self.event}` is no topic of {self.source}",
                "write one such as `/images/create`",
                path=("event",),
            )

    def run(self, machine: Machine) -> Verdict:
        witness = machine.witness
        if witness is None:
            raise CheckError(
                "what has happened is known only of a step that was shown",
                "take the lab: `labrun next`",
            )
        records = list(self._records(witness))
        told = [each for each in records if "topic" in each]
        since = [each for each in told if each["time"] >= witness.since]
        happened = [each for each in since if self._is_meant(each)]
        if happened:
            return self._happened(happened[-1])
        _require_watched(records, witness.since)
        summary = f"No event `{self.event}`{self._wanted} since the step began"
        if not self.exists:
            return passed(summary)
        return failed(summary + self._near(told, since), facts=_facts(since))

    def _records(self, witness: Witness) -> Iterator[Record]:
        for each in witness.witnessed("event") or ():
            asked = (each.get("source"), each.get("address"))
            if asked == (self.source, self.address or ""):
                yield each

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
        return did_you_mean(self.event, {each["topic"] for each in since})


def _require_watched(records: Sequence[Record], since: float) -> None:
    """Raise CheckError unless somebody has watched since the step began, and still does."""
    marks = [each for each in records if "watching" in each]
    if not marks:
        raise CheckError("nobody watches containerd's events just now", ANEW)
    last = marks[-1]
    if not last["watching"]:
        raise CheckError(f"containerd's events are not watched: {last['reason']}", ANEW)
    if last["time"] > since:
        began = ago(time.time() - last["time"])
        raise CheckError(
            f"containerd's events are watched since {began}, and the step began before;"
            " it has not happened in this time",
            ANEW,
        )


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
