"""A document as a native lab: its steps, commands, and checks of what they print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lab_runner.characters import control, shorten
from lab_runner.formats.draft import Draft
from lab_runner.formats.executable import attributes, cells, looks
from lab_runner.formats.executable.attributes import Attributes
from lab_runner.formats.executable.expectations import COMMENT, Expectation
from lab_runner.formats.executable.settings import Settings
from lab_runner.formats.executable.sheet import Sheet
from lab_runner.formats.executable.steps import Beginning
from lab_runner.formats.foreign import blocks, prose
from lab_runner.formats.foreign.blocks import Fence, Lines
from lab_runner.formats.foreign.headings import Headings
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.page import shown
from lab_runner.formats.reading import Counts
from lab_runner.formats.tutorial import commands as tutorial_commands
from lab_runner.model import Command, Source

TIMEOUT = "60s"
LONGEST_NAME = 60


@dataclass(slots=True)
class Page:
    """Writes a document into a draft; `steps` are its beginnings by line, from 1.

    `prepared` is done before the first step.
    """

    sheet: Sheet
    title: str
    steps: Mapping[int, Beginning]
    draft: Draft
    notes: Notes
    settings: Settings
    prepared: Sequence[Command] = ()
    counts: Counts = field(default_factory=Counts)
    _headings: Headings = field(init=False)
    _folds: prose.Folds = field(default_factory=prose.Folds)
    _typed: str = ""
    _expected: Expectation | None = None

    def __post_init__(self) -> None:
        self._headings = Headings(self.draft)

    def write(self) -> None:
        for block in blocks.split(self.sheet.text):
            if isinstance(block, Fence):
                self._fence(block)
            else:
                self._lines(block)
        self._end(len(self.sheet.sources))

    def _lines(self, block: Lines) -> None:
        """Write prose, up to the heading of a step and from there on."""
        begun, skipped = 0, 0
        for nth in range(len(block.lines)):
            step = self.steps.get(block.first + nth)
            if step:
                self._prose(block.lines[begun + skipped : nth], block.first + begun)
                self._step(step, block.first + nth)
                begun, skipped = nth, step.lines
        first = begun + skipped
        self._prose(block.lines[first:], block.first + first)

    def _step(self, step: Beginning, line: int) -> None:
        self._end(line)
        self._headings.write(step.title, "Step", self.sheet.source(line))
        for command in self.prepared:
            self.draft.fence("bash setup", command.text, command.source)
        self.prepared = ()

    def _end(self, line: int) -> None:
        """End a step before a line: what is still open belongs to nothing after it."""
        for _ in range(self._folds.open):
            place = self.sheet.source(line)
            self.notes.add("repaired", place, "a `<details>` is not closed", "Close it")
            self.draft.paragraph([("</details>", place)])
        self._folds = prose.Folds()
        self._drop_expectation("no output stands below this")

    def _prose(self, lines: Sequence[str], first: int) -> None:
        kept = [self._kept(line, number) for number, line in enumerate(lines, first)]
        text = self._folds.read("\n".join(kept))
        blank = len(text) - len(text.lstrip("\n"))
        rows = prose.lowered(text[blank:].rstrip("\n").split("\n"))
        if any(rows):
            places = enumerate(rows, first + blank)
            self.draft.paragraph((row, self.sheet.source(n)) for n, row in places)

    def _kept(self, line: str, number: int) -> str:
        """Return what a line says to the learner, but for the title of the lab."""
        if prose.is_heading(line, self.title):
            return ""
        found = COMMENT.search(line)
        if found:
            self._drop_expectation("another follows before any output")
            self._expected = Expectation(found[1], self.sheet.source(number))
        return COMMENT.sub("", line)

    def _drop_expectation(self, message: str) -> None:
        if self._expected:
            advice = "Put it between a command and what that prints"
            self.notes.add("dropped", self._expected.source, message, advice)
        self._expected = None

    def _fence(self, block: Fence) -> None:
        source = self.sheet.source(block.first)
        if not block.is_closed:
            message = "this code is broken: it is never closed"
            self.notes.add("repaired", source, message, "Write ``` below it")
        given = attributes.read(block.info)
        if given.flaw:
            message = f"the attributes `{given.flaw}` cannot be read"
            self.notes.add("dropped", source, message, "Write `{ name=value }`")
        command = self._command(given, block, source)
        if command:
            self._drop_expectation("a command follows instead of any output")
            self._type(command, self.sheet.source(block.first + 1))
        else:
            self.draft.fence(shown(block.info.partition("{")[0]), block.text, source)
            self._compare(block.text)

    def _command(self, given: Attributes, block: Fence, source: Source) -> str:
        """Return what is to be typed of a piece of code; empty for nothing."""
        if self._folds.open or cells.is_shown(given, source, self.notes):
            return ""
        if control(block.text):
            message = "a control character is in this code"
            self.notes.add("dropped", source, message, "Write it as an escape")
            return ""
        program = cells.interpreter(given)
        if program and block.text.strip():
            command = cells.script(program, block.text, source, self.notes)
        else:
            command = self._shell(given.language, block.text.split("\n"), source)
        return command and cells.placed(command, given, source, self.notes)

    def _shell(self, language: str, lines: list[str], source: Source) -> str:
        spoken = "bash" if language.startswith("azure") else language
        pieces = [text for _, text in tutorial_commands.read(spoken, lines)]
        command = "\n".join(pieces)
        if pieces and len(command.split()) < len(" ".join(lines).split()):
            message = "prompts, comments and output are left out of these commands"
            self.notes.add("changed", source, message, "Write the commands alone")
        return command

    def _type(self, command: str, source: Source) -> None:
        self.counts.commands += 1
        self.settings.follow(command)
        self._typed = command
        self.draft.fence("bash", command, source)

    def _compare(self, output: str) -> None:
        """Check what the command before prints, if that is said and does no harm."""
        expected, self._expected = self._expected, None
        if expected is None:
            return
        reason = looks.objection(self._typed, self.settings)
        if reason:
            advice = "Write a check of what the command leaves"
            self.notes.add("dropped", expected.source, reason, advice)
            return
        wanted = expected.wanted(output, self.notes)
        if wanted is not None:
            last = shorten(self._typed.rpartition("\n")[2], LONGEST_NAME)
            entry = {
                "shell": self.settings.before(self._typed),
                "stdout": wanted,
                "name": f"What `{last}` prints",
                "timeout": TIMEOUT,
            }
            self.draft.check(entry, expected.source)
