"""A lab file while it is read: its text, its blocks, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lab_runner.characters import code_point, control
from lab_runner.formats import markdown, yaml_nodes
from lab_runner.formats.faults import Faults, Place
from lab_runner.formats.files import LabFile
from lab_runner.formats.front_matter import FrontMatter
from lab_runner.formats.markdown import Block, Document, Fence
from lab_runner.formats.members import Members
from lab_runner.formats.references import References
from lab_runner.formats.slugs import Ids
from lab_runner.formats.yaml_nodes import Locate, Node


@dataclass(frozen=True, slots=True)
class Page:
    """`raw` is the text as written; the document's text has as many characters.

    In it control characters are symbols, references to variables are placeholders and
    the front matter is blank. `needs` are the places of what each task waits for, by
    the id of the task.
    """

    raw: str
    document: Document
    references: References
    faults: Faults
    members: Members = field(default_factory=Members)
    question_ids: Ids = field(default_factory=Ids)
    needs: dict[str, tuple[Place, ...]] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        return self.references.fill(text)

    def place(self, offset: int) -> Place:
        """Return line and column of an offset in the text."""
        row = self.document.row(offset)
        return row + 1, offset - self.document.starts[row] + 1

    def start(self, block: Block) -> Place:
        """Return where a block begins: a fence with its marker, behind any quotes."""
        line = self.document.line(block.first)
        marker = block.marker if isinstance(block, Fence) else ""
        column = line.find(marker) if marker else len(line) - len(line.lstrip())
        return block.first + 1, column + 1

    def inside(self, fence: Fence) -> Locate:
        """Return the way from lines and columns of what a fence holds to the file's."""
        held = fence.text.split("\n")

        def locate(line: int, column: int) -> Place:
            nth = min(line, max(len(held) - 2, 0))
            row = fence.first + 1 + nth
            indent = max(len(self.document.line(row)) - len(held[nth]), 0)
            return row + 1, indent + min(column, len(held[nth])) + 1

        return locate

    def yaml(self, fence: Fence) -> Node | None:
        """Read the YAML of a fence; None when it is empty or wrong, which is noted."""
        self.refuse_controls(fence)
        return yaml_nodes.read(fence.text, self.inside(fence), self.faults)

    def refuse_controls(self, fence: Fence) -> None:
        """Note a control character in what a program would get to see."""
        start, end = self.document.span(fence)
        found = control(self.raw[start:end])
        if found:
            self.faults.add(
                self.place(start + found.start()),
                f"the control character {code_point(found[0])} is in this fence",
                r"Remove it, or write it as an escape that the program reads: `\033`",
            )


def lay_out(
    file: LabFile, front: FrontMatter, references: References, faults: Faults
) -> Page:
    """Parse what is below the front matter, and note what cannot be read of it."""
    faults.written = references.written
    end = _offset(file.text, front.lines)
    blank = re.sub(r"[^\n]", " ", file.text[:end])
    document = markdown.parse(blank + references.mask(file.text[end:]))
    members = Members(tuple(front.values.get("machines", ())))
    page = Page(file.raw, document, references, faults, members)
    _refuse_depth(page)
    for found in references.misspelt(blank + file.text[end:]):
        faults.add(
            page.place(found.offset),
            f"`{found.written}` is no variable of this lab",
            f"Write `{{{{ {found.meant} }}}}`, or declare it under `vars:`",
        )
    return page


def _offset(text: str, lines: int) -> int:
    return sum(len(line) + 1 for line in text.split("\n", lines)[:lines])


def _refuse_depth(page: Page) -> None:
    block = page.document.too_deep
    if block:
        page.faults.add(
            page.start(block),
            "lists and quotes are nested too deeply here to be read",
            "Nest at most eight levels",
        )
