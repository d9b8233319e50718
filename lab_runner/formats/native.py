"""The native format: one Markdown file whose fences carry commands and checks."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

from lab_runner.formats import (
    details,
    fences,
    files,
    front_matter,
    needs,
    sections,
    steps,
)
from lab_runner.formats.details import Details
from lab_runner.formats.faults import Faults
from lab_runner.formats.files import LabFile
from lab_runner.formats.page import Page, lay_out
from lab_runner.formats.prose import Prose
from lab_runner.formats.reading import Reading
from lab_runner.formats.references import References
from lab_runner.model import Lab, Step
from lab_runner.variables import derive

NAME = "labrun"
OWN_KEYS = {"requires", "deadline", "machine", "machines", "vars"}
OWN_FENCE = re.compile(
    r"^[\s>]*(?:`{3,}|~{3,})\s*"
    r"(?:ya?ml\s+(?:check|question)|(?:bash|sh|shell|console)\s+(?:setup|solution))\b",
    re.MULTILINE,
)


def claims(path: Path) -> bool:
    """Tell whether this is a lab.md, the folder of one, or a file written like one.

    Such a file has a fence or a key of its front matter that only labs have.
    """
    if path.is_dir():
        return (path / files.NAME).is_file()
    if path.name == files.NAME:
        return True
    text = files.load(path).text
    return bool(OWN_FENCE.search(text) or front_matter.keys(text) & OWN_KEYS)


def labs(folder: Path) -> list[Path]:
    """Return the lab.md of every lab below a folder."""
    return sorted(folder.rglob(files.NAME))


def read(path: Path, seed: bytes) -> Reading:
    """Read a lab file, or the lab.md of a folder, as one learner gets it.

    `seed` is the learner's secret, from which the values of variables are made. Raises
    LabBroken with everything that is wrong, UsageError where nothing can be read.
    """
    page = path / files.NAME if path.is_dir() else path
    file = files.load(page)
    lab = understand(file, seed)
    inputs = {str(page.absolute()): file.digest}
    for name, content in lab.assets.items():
        digest = hashlib.sha256(content.encode()).hexdigest()
        inputs[str((file.folder / name).absolute())] = digest
    return Reading(lab, inputs=inputs)


def understand(file: LabFile, seed: bytes) -> Lab:
    """Make a lab of a file that was loaded; raises LabBroken."""
    faults = Faults(file.path)
    front = front_matter.read(file.text, file.folder, faults)
    values = derive(front.recipes, seed, file.lab_id)
    page = lay_out(file, front, References(values), faults)
    title, intro, found = _contents(page, is_plain=not front.lines)
    named = {"title": title, **front.values}
    if not named["title"]:
        faults.add((1, 1), "this lab has no title", "Write `# Title` as its first line")
    faults.settle()
    lab = Lab(
        id=file.lab_id,
        intro=intro,
        steps=found,
        digest=file.digest,
        source=faults.source((1, 1)),
        vars=values,
        **named,
    )
    return replace(lab, digest=_digest(lab)) if lab.assets else lab


def _digest(lab: Lab) -> str:
    """Return the SHA-256 of a lab's file together with what it takes from its folder."""
    parts = (lab.digest, json.dumps(lab.assets))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _contents(page: Page, *, is_plain: bool) -> tuple[str, str, tuple[Step, ...]]:
    """Return the title, the introduction and the steps of a page."""
    parts = fences.parts(page)
    folds = _folds(page)
    hidden = [part.fence for part in parts if part.role not in steps.SHOWN_ROLES]
    title, heading = sections.title(page)
    prose = Prose(page, [*hidden, heading] if heading else hidden, folds)
    intro, *rest = sections.split(page, prose.folded, is_plain=is_plain and not hidden)
    intro_parts, *grouped = sections.gather(
        [intro, *rest], parts, lambda part: part.fence.first
    )
    steps.refuse(intro_parts, page)
    found = [steps.read(s, p, prose, page) for s, p in zip(rest, grouped, strict=True)]
    if not rest and all(fence.is_closed for fence in page.document.fences):
        page.faults.add((1, 1), "this lab has no steps", "Begin each with `## Title`")
    return title, prose.body(intro), needs.resolve(found, page)


def _folds(page: Page) -> list[Details]:
    """Return what `<details>` fold away, and note those that are not closed."""
    folds, unclosed = details.find(page.document)
    for offset in unclosed:
        page.faults.add(
            page.place(offset),
            "this `<details>` is not closed",
            "Write `</details>` on a line of its own where it ends",
        )
    return folds
