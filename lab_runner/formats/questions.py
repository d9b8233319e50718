"""`yaml question` fences: something to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks import matchers
from checks.words import did_you_mean
from lab_runner.formats import check_entry, fields
from lab_runner.formats.check_entry import Entry
from lab_runner.formats.faults import Faults, Place
from lab_runner.formats.markdown import Fence
from lab_runner.formats.page import Page
from lab_runner.formats.yaml_nodes import Map, plain
from lab_runner.model import Question

EXAMPLE = "Write `ask:` and `answer:`, or `ask:`, `fact:` and `get:`"


def _matcher(value: Any) -> Any:
    """Keep an answer as written once it is known to make a matcher."""
    matchers.parse(value)
    return value


KEYS: Mapping[str, fields.Convert] = {
    "id": fields.name(r"[A-Za-z0-9][\w-]*", "shim-pid"),
    "ask": fields.prose,
    "answer": _matcher,
    "fact": fields.mapping("{service: containerd}"),
    "get": fields.name(r"\w+(\.\S+)?", "version"),
    "points": fields.whole(0, 1000),
}


def read(fence: Fence, step_id: str, page: Page) -> Question | None:
    """Read the question of one fence; None when it is wrong, which is noted."""
    before = len(page.faults)
    node = page.yaml(fence)
    if not isinstance(node, Map):
        if len(page.faults) == before:
            place = node.place if node else page.start(fence)
            what = "a question is a mapping" if node else "this question is empty"
            page.faults.add(place, what, EXAMPLE)
        return None
    keys = {**KEYS, "machine": page.members.member}
    given = fields.take(node, keys, "a question", page.faults, page.fill)
    _note_missing(node, page.faults)
    fact = _fact(node, page)
    if fact and "get" in given:
        _note_unobserved(fact, given["get"], node.entries["get"].place, page.faults)
    if len(page.faults) > before:
        return None
    kind, spec = (fact.kind, fact.spec) if fact else ("", {})
    machine = given.get("machine", "")
    return Question(
        id=_id(node, step_id, page),
        ask=given["ask"],
        source=page.faults.source(node.place),
        digest=check_entry.digest(
            given.get("answer"),
            kind,
            spec,
            given.get("get"),
            machine=page.members.name(machine) if fact else "",
        ),
        answer=given.get("answer"),
        kind=kind,
        fact=spec,
        get=given.get("get", ""),
        points=given.get("points", 1),
        machine=machine,
    )


def _note_missing(node: Map, faults: Faults) -> None:
    """Note what a question lacks: something to ask, and exactly one right answer."""
    has = node.entries.keys()
    if "ask" not in has:
        faults.add(node.place, "this question asks nothing", EXAMPLE)
    if "answer" in has and "fact" in has:
        place = node.entries["fact"].place
        faults.add(place, "a question has one right answer", "Keep `answer` or `fact`")
    if not {"answer", "fact"} & has:
        faults.add(
            node.place,
            "this question has no right answer",
            "Write `answer: VALUE`, or `fact: {KIND: SUBJECT}` and `get: KEY`",
        )
    if "machine" in has and "answer" in has:
        place = node.entries["machine"].place
        faults.add(place, "`machine` goes with `fact`", "Leave it out")
    if ("fact" in has) != ("get" in has):
        key = "fact" if "fact" in has else "get"
        faults.add(
            node.entries[key].place,
            "`fact` and `get` go together",
            "Write `fact: {KIND: SUBJECT}` and `get:` with a key of what it observes",
        )


def _fact(node: Map, page: Page) -> Entry | None:
    fact = node.entries["fact"].value if "fact" in node.entries else None
    if not isinstance(fact, Map):
        return None
    if not fact.entries:
        check_entry.kind_missing(fact, page)
        return None
    return check_entry.read(fact, page)


def _note_unobserved(fact: Entry, get: str, place: Place, faults: Faults) -> None:
    observed, first = fact.check.FACTS, get.partition(".")[0]
    if first not in observed:
        message = f"`{fact.kind}` observes no `{first}`{did_you_mean(first, observed)}"
        faults.add(place, message, f"It observes {', '.join(observed)}")


def _id(node: Map, step_id: str, page: Page) -> str:
    """Return the id given, which must be the only one, or make one from the step's."""
    if "id" not in node.entries:
        return page.question_ids.unique(f"{step_id}/question")
    given = str(plain(node.entries["id"].value))
    if page.question_ids.unique(given) != given:
        page.faults.add(
            node.entries["id"].place,
            f"the question id `{given}` is taken by a question above",
            "Give each question an id of its own",
        )
    return given
