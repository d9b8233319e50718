"""What tasks wait for: the words of `needs` become ids, and lead nowhere in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from checks.words import did_you_mean
from lab_runner.formats.faults import Place
from lab_runner.formats.page import Page
from lab_runner.model import Step, Task

KNOWN = "Write the id or the name of a task, or the id of a step"


def resolve(steps: Sequence[Step], page: Page) -> tuple[Step, ...]:
    """Return the steps with ids in `needs`; notes what cannot be waited for.

    Where the page has other faults, tasks may be missing and nothing is resolved.
    """
    if len(page.faults) or not page.needs:
        return tuple(steps)
    found = tuple(_resolved(step, steps, page) for step in steps)
    if not len(page.faults):
        _note_circles(found, page)
    return found


def _resolved(step: Step, steps: Sequence[Step], page: Page) -> Step:
    tasks = []
    for task in step.tasks:
        places = page.needs.get(task.id, ())
        pairs = zip(task.needs, places, strict=True)
        ids = [_id(word, place, steps, page) for word, place in pairs]
        for found, place in zip(ids, places, strict=True):
            if fault := _unreachable(found, task, step, steps):
                page.faults.add(place, *fault)
        tasks.append(replace(task, needs=tuple(dict.fromkeys(ids))))
    return replace(step, tasks=tuple(tasks))


def _id(word: str, place: Place, steps: Sequence[Step], page: Page) -> str:
    """Return the id that a word means; an unknown word is noted and stays."""
    tasks = [task for step in steps for task in step.tasks]
    ids = [*(step.id for step in steps), *(task.id for task in tasks)]
    if word in ids:
        return word
    named = [task.id for task in tasks if task.title == word]
    if len(named) > 1:
        several = " and ".join(f"`{each}`" for each in named)
        message = f"`needs`: several tasks are called `{word}`"
        page.faults.add(place, message, f"Write an id: {several}")
    if not named:
        guess = did_you_mean(word, [*ids, *(task.title for task in tasks)])
        message = f"`needs`: there is no task or step `{word}`{guess}"
        page.faults.add(place, message, KNOWN)
    return named[0] if named else word


def _unreachable(
    need: str, task: Task, step: Step, steps: Sequence[Step]
) -> tuple[str, str] | None:
    """Return why a learner could never get past a task that waits for this."""
    if task.mode == "at-submit":
        return None
    for later in steps[steps.index(step) + 1 :]:
        if need == later.id or need in [each.id for each in later.tasks]:
            message = f"`needs`: `{need}` comes in a later step than this task"
            return message, "Let the later one wait for this one"
    if need in [each.id for each in step.tasks if each.mode == "at-submit"]:
        message = f"`needs`: `{need}` is only checked at the end"
        return message, "Give this task `mode: at-submit` as well"
    return None


def _note_circles(steps: Sequence[Step], page: Page) -> None:
    waits = {
        task.id: list(_tasks(task.needs, steps)) for s in steps for task in s.tasks
    }
    noted: set[str] = set()
    for task_id in page.needs:
        circle = _way(task_id, task_id, waits)
        if circle and not noted & set(circle):
            noted.update(circle)
            way = " → ".join(f"`{each}`" for each in (task_id, *circle))
            message = f"`needs`: this task waits for itself: {way}"
            page.faults.add(page.needs[task_id][0], message, "Leave one of them out")


def _tasks(needs: Sequence[str], steps: Sequence[Step]) -> Iterator[str]:
    """Yield the tasks that are waited for, with those that make a step complete."""
    inner = {
        step.id: [task.id for task in step.tasks if task.mode != "at-submit"]
        for step in steps
    }
    for need in needs:
        yield from inner.get(need, [need])


def _way(start: str, end: str, waits: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the tasks on the shortest way from one to another, without the first."""
    ways, seen = [[start]], set[str]()
    for way in ways:
        for need in waits[way[-1]]:
            if need == end:
                return [*way[1:], need]
            if need not in seen:
                seen.add(need)
                ways.append([*way, need])
    return []
