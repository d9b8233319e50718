"""Scripts of a lab: what prepares its machine, and what verifies a step."""

from __future__ import annotations

import re

from lab_runner.characters import control
from lab_runner.formats.foreign.notes import Notes
from lab_runner.formats.foreign.texts import Text

SHEBANG = re.compile(r"#![ \t]*(?P<command>[^\n]*)\n?")
SHELLS = re.compile(r"(?:\S*/)?(?:env[ \t]+)?(?:ba|z|k|da)?sh\b.*")
IDLE = re.compile(
    r"(?:echo|printf|sleep|set|true|:|exit[ \t]+0|exit|#.*|clear)\b.*|#.*|:"
)
HISTORY = re.compile(r"\bhistory\b|_history\b|HISTFILE")
FAILS = re.compile(r"\b(?:exit|return)[ \t]+[^0\s]|\bset[ \t]+-\w*e")
PASSES = re.compile(
    r"(?:exit[ \t]+0|true|:|echo\b[^|&]*)|.*\|\|[ \t]*(?:true|:|exit 0)"
)
SECONDS = 240
"""For the set-up of a step, which waits for all of it; some of it never ends."""


def verification(text: Text, notes: Notes, preamble: str = "", more: str = "") -> str:
    """Return what to run for a verdict, in the home of who runs it; empty for none.

    A shell reads the `preamble` first, functions that the script may call. `more` are
    arguments and redirections, as a shell reads them.
    """
    if is_unusable(text, notes):
        return ""
    note_what_it_proves(text, notes)
    interpreter, script = _command(text, preamble)
    is_plain = interpreter == "bash" and not more
    return f"cd ~\n{script if is_plain else fed(interpreter, script, more)}"


def preparation(text: Text, notes: Notes, preamble: str = "") -> str:
    """Return what to run before a step; as where it comes from, it may fail."""
    if is_unusable(text, notes):
        return ""
    command, script = _command(text, preamble)
    return f"cd ~\n{fed(f'timeout {SECONDS} {command}', script, '|| true')}"


def solution(text: Text, notes: Notes, preamble: str = "") -> str:
    """Return what to type instead of doing a step oneself; empty for nothing."""
    if is_unusable(text, notes):
        return ""
    return fed(*_command(text, preamble))


def _command(text: Text, preamble: str) -> tuple[str, str]:
    """Return what a script is to be read by, and all that is to be read."""
    interpreter = _interpreter(text.content)
    script = text.content.strip("\n")
    return (interpreter, script) if interpreter else ("bash", preamble + script)


def fed(interpreter: str, script: str, more: str = "") -> str:
    """Return a here-document that an interpreter reads beside its standard input."""
    word = end_word(script, "SCRIPT")
    return (
        f"{interpreter} /dev/fd/3 3<<'{word}' {more}".rstrip() + f"\n{script}\n{word}"
    )


def end_word(text: str, word: str) -> str:
    """Return a word to end a here-document of a text, which no line of it is."""
    lines = set(text.split("\n"))
    while word in lines:
        word += "_"
    return word


def _interpreter(script: str) -> str:
    """Return what a script asks to be run with, unless a shell will do."""
    found = SHEBANG.match(script)
    command = found["command"].strip() if found else ""
    return "" if SHELLS.fullmatch(command) else command


def is_unusable(text: Text, notes: Notes) -> bool:
    found = control(text.content)
    if found:
        source = text.source(text.content.count("\n", 0, found.start()) + 1)
        message = "a control character is in this script"
        notes.add("dropped", source, message, "Write it as an escape")
    return found is not None


def note_what_it_proves(text: Text, notes: Notes) -> None:
    lines = [line.strip() for line in text.content.split("\n")]
    work = [line for line in lines if line and not IDLE.fullmatch(line)]
    last = next((line for line in reversed(lines) if line and line[0] != "#"), "")
    if not work or (PASSES.fullmatch(last) and not FAILS.search(text.content)):
        message = "this script passes whatever was done"
        advice = "End it with `exit 1` where something is missing"
        notes.add("suspect", text.source(1), message, advice)
    found = HISTORY.search(text.content)
    if found:
        source = text.source(text.content.count("\n", 0, found.start()) + 1)
        message = "this script reads a shell's history, which is not the learner's here"
        notes.add("suspect", source, message, "Check what the command has changed")
