"""Components in Markdown (MDC), such as `::hint-box`, as ordinary Markdown.

Every line stays where it is: what a component writes about itself becomes empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lab_runner.formats.foreign import blocks
from lab_runner.formats.foreign.blocks import Fence
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text

OPENING = re.compile(r"[ \t]*:{2,}([a-z][\w-]*)[ \t]*(?:\{(.*)\})?[ \t]*")
CLOSING = re.compile(r"[ \t]*:{2,}[ \t]*")
SLOT = re.compile(r"[ \t]*#([a-z][\w-]*)[ \t]*")
PROPERTY = re.compile(r"[ \t]*:?([A-Za-z][\w-]*):[ \t]*(.*)")
ATTRIBUTE = re.compile(
    r"""(?<![\w-]):?([A-Za-z][\w-]*)=(?:"([^"]*)"|'([^']*)'|(\S+))"""
)
INLINE = re.compile(r"(?<![\w:`]):([a-z][\w-]*)\{([^{}`\n]{0,500})\}")
TASKS = ("simple-task", "user-input-task")
FOLDED = {"hint-box": "Hint", "details-box": "Details"}
PLAIN = ("remark-box", "tabbed", "card", "card-link", "grid", "slide-show", "image-box")


@dataclass(slots=True)
class Component:
    """A component that is open; `line` counts from 1, `slots` are texts by their name."""

    name: str
    line: int
    properties: dict[str, str]
    slots: dict[str, list[str]] = field(default_factory=dict)
    slot: str = ""

    @property
    def is_task(self) -> bool:
        return self.name in TASKS

    def said(self, slot: str) -> str:
        """Return what a slot holds, on one line."""
        return " ".join(" ".join(self.slots.get(slot, [])).split())


@dataclass(frozen=True, slots=True)
class Converted:
    """A page as Markdown, and the components on it that stand for tasks."""

    text: Text
    tasks: Sequence[Component]


def convert(page: Text, notes: Notes) -> Converted:
    """Write a page as Markdown; components that are not known are noted."""
    converter = _Converter(page, notes)
    return Converted(Text(page.path, converter.markdown()), converter.tasks)


class _Converter:
    def __init__(self, page: Text, notes: Notes) -> None:
        self.tasks: list[Component] = []
        self._page = page
        self._notes = notes
        self._lines = page.content.split("\n")
        self._code = _code(page.content)
        self._open: list[Component] = []
        self._row = 0

    def markdown(self) -> str:
        found: list[str] = []
        while self._row < len(self._lines):
            found.extend(self._next())
        for left in reversed(self._open):
            source = self._page.source(left.line)
            message = f"`::{left.name}` is not closed"
            self._notes.add("repaired", source, message, "Write `::` below it")
            found[-1] += f"\n\n{_after(left)}" if _after(left) else ""
        return "\n".join(found)

    def _next(self) -> list[str]:
        """Return what the next line becomes, or the next lines where it opens."""
        line = self._lines[self._row]
        self._row += 1
        if self._row - 1 in self._code:
            return self._content(line)
        if opening := OPENING.fullmatch(line):
            return self._begin(opening)
        if self._open and CLOSING.fullmatch(line):
            return [_after(self._open.pop())]
        if self._open and (slot := SLOT.fullmatch(line)):
            self._open[-1].slot = slot[1]
            return [""]
        return self._content(INLINE.sub(self._inline, line))

    def _begin(self, opening: re.Match[str]) -> list[str]:
        first, properties = self._row, _attributes(opening[2] or "")
        properties |= self._properties()
        component = Component(opening[1], first, properties)
        if component.name not in (*TASKS, *FOLDED, *PLAIN):
            message = f"there is no {named(component.name)} here"
            advice = "Say it in ordinary Markdown"
            self._notes.add("changed", self._page.source(first), message, advice)
        if component.is_task:
            self.tasks.append(component)
        self._open.append(component)
        return [_before(component), *[""] * (self._row - first)]

    def _properties(self) -> dict[str, str]:
        """Take the properties between lines of `---` that follow an opening."""
        rest = self._lines[self._row : self._row + 40]
        if not rest or rest[0].strip() != "---":
            return {}
        end = next(
            (n for n, each in enumerate(rest[1:], 1) if each.strip() == "---"), 0
        )
        self._row += end + 1 if end else 0
        found = filter(None, map(PROPERTY.fullmatch, rest[1:end]))
        return {each[1]: each[2].strip().strip("'\"") for each in found}

    def _content(self, line: str) -> list[str]:
        """Return a line, unless it is what a task says when it is in some state."""
        task = next((each for each in self._open if each.is_task), None)
        if task is None:
            return [line]
        task.slots.setdefault(task.slot, []).append(line)
        return [""]

    def _inline(self, found: re.Match[str]) -> str:
        properties = _attributes(found[2])
        return properties.get("text") or properties.get("name") or found[0]


def _attributes(text: str) -> dict[str, str]:
    found = ATTRIBUTE.finditer(text)
    return {each[1]: each[2] or each[3] or each[4] or "" for each in found}


def _before(component: Component) -> str:
    """Return what stands where a component begins."""
    usual = FOLDED.get(component.name)
    if usual:
        summary = re.sub(r"[<>]", "", component.properties.get("summary", ""))
        is_named = summary.lower().startswith(usual.lower()) or usual != "Hint"
        words = summary or usual if is_named else f"{usual}: {summary}".rstrip(": ")
        return f"<details><summary>{words}</summary>"
    source = component.properties.get("src")
    alt = component.properties.get("alt", "")
    return f"![{alt}]({source})" if source else ""


def _after(component: Component) -> str:
    return "</details>" if component.name in FOLDED else ""


def _code(page: str) -> set[int]:
    """Return the numbers, from 0, of lines of code and their markers."""
    fences = (block for block in blocks.split(page) if isinstance(block, Fence))
    return {row for fence in fences for row in range(fence.first - 1, fence.last)}
