"""`yaml check` fences: each entry becomes a task."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from checks import registry
from lab_runner.formats import check_entry, fields, titles, yaml_nodes
from lab_runner.formats.faults import Place
from lab_runner.formats.markdown import Fence
from lab_runner.formats.page import Page
from lab_runner.formats.slugs import Ids, slug
from lab_runner.formats.yaml_nodes import Entry, List, Map, Node, Scalar
from lab_runner.model import Task

EXAMPLE = "Begin each check with `- `, such as `- package: containerd`"
TASK_KEYS: Mapping[str, fields.Convert] = {
    "name": fields.text,
    "hint": fields.prose,
    "within": fields.duration(0, 3600),
    "timeout": fields.duration(0.1, 600),
    "points": fields.whole(0, 1000),
    "hidden": fields.flag,
    "mode": fields.choice("latch", "hold", "at-submit"),
    "needs": fields.texts,
}


def read(fence: Fence, step_id: str, ids: Ids, page: Page) -> Iterator[Task]:
    """Yield the tasks of one fence; `ids` are those its step has given out so far."""
    before = len(page.faults)
    match page.yaml(fence):
        case List(items=items) if items:
            for node in items:
                task = _task(node, step_id, ids, page)
                if task:
                    yield task
        case Map(place=place) | Scalar(place=place):
            page.faults.add(place, "a `check` fence holds a list", EXAMPLE)
        case _ if len(page.faults) == before:
            page.faults.add(page.start(fence), "this list of checks is empty", EXAMPLE)


def _task(node: Node, step_id: str, ids: Ids, page: Page) -> Task | None:
    if not isinstance(node, Map) or not node.entries:
        check_entry.kind_missing(node, page)
        return None
    keys = {**TASK_KEYS, "machine": page.members.member}
    if next(iter(node.entries)) in keys:
        _note_order(node, page)
        return None
    before = len(page.faults)
    ours, theirs = _divide(node, keys)
    given = fields.take(ours, keys, "a task", page.faults, page.fill)
    entry = check_entry.read(theirs, page, keys)
    if entry is None or len(page.faults) > before:
        return None
    machine = given.get("machine", "")
    task = Task(
        id=ids.unique(f"{step_id}/{_name(node, machine, page)}"),
        title=given.pop("name", "") or titles.title(entry.kind, entry.check),
        kind=entry.kind,
        spec=entry.spec,
        source=page.faults.source(node.place),
        digest=check_entry.digest(
            entry.kind,
            entry.spec,
            given.get("mode", "latch"),
            machine=page.members.name(machine),
        ),
        **given,
    )
    if task.needs:
        page.needs[task.id] = _places(node.entries["needs"].value)
    return task


def _places(needs: Node) -> tuple[Place, ...]:
    items = needs.items if isinstance(needs, List) else (needs,)
    return tuple(item.place for item in items)


def _divide(node: Map, keys: Container[str]) -> tuple[Map, Map]:
    """Divide an entry into the keys of the task and those of the kind."""
    kind = next(iter(node.entries))
    ours: dict[str, Entry] = {}
    theirs: dict[str, Entry] = {}
    for key, entry in node.entries.items():
        is_ours = key in keys and not _is_permissions(kind, key, entry.value)
        (ours if is_ours else theirs)[key] = entry
    return Map(node.place, ours), Map(node.place, theirs)


def _is_permissions(kind: str, key: str, value: Node) -> bool:
    """Tell the `mode` of a file (octal, or a comparison) from that of a task."""
    if key != "mode" or not check_entry.has_key(kind, key):
        return False
    return isinstance(value, Map) or (
        isinstance(value, Scalar) and (value.text or "").isdigit()
    )


def _note_order(node: Map, page: Page) -> None:
    kind = next((key for key in node.entries if key in registry.KINDS), None)
    if kind is None:
        check_entry.kind_missing(node, page)
        return
    page.faults.add(
        node.entries[kind].place,
        "the kind of check comes first",
        f"Move `{kind}` to the top of this entry",
    )


def _name(node: Map, machine: str, page: Page) -> str:
    """Return kind, subject and machine as an id, the same for every learner."""
    words = _words(yaml_nodes.plain(node, page.references.named))
    return slug(" ".join([*words, machine]))


def _words(value: Any) -> Iterator[str]:
    """Yield kind and subject; of checks inside a check those of the first as well."""
    match value:
        case [first, *_]:
            yield from _words(first)
        case dict():
            kind, subject = next(iter(value.items()))
            yield kind
            yield from _words(subject)
        case _:
            yield str(value)
