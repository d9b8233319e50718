"""A piece of code with attributes, as what a learner types to the same end."""

from __future__ import annotations

import re
from shlex import quote

from lab_runner.formats.executable.attributes import Attributes
from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.tutorial.commands import SHELLS
from lab_runner.model import Source

PROMPTED = re.compile(r"^[ \t]*export[ \t]+([A-Za-z_]\w*)=", re.MULTILINE)
PROGRAMS = {"python": "python3", "py": "python3", "js": "node", "javascript": "node"}
NOTHING_TO_RUN = (
    "json",
    "yaml",
    "yml",
    "toml",
    "text",
    "txt",
    "markdown",
    "md",
    "html",
)


def is_shown(given: Attributes, source: Source, notes: Notes) -> bool:
    """Tell whether code is not for everybody to run; noted if anybody may run it."""
    if given.is_set("ignore"):
        return True
    if given.is_set("excludeFromRunAll"):
        message = "this is left out when all is run, so it is only shown"
        notes.add("changed", source, message, "Remove `excludeFromRunAll`")
        return True
    return False


def interpreter(given: Attributes) -> str:
    """Return what else than a shell the code is for; empty for a shell."""
    program = given.text("interpreter")
    if not program and given.values and given.language not in NOTHING_TO_RUN:
        program = given.language
    name = program.rpartition("/")[2].partition(" ")[0]
    return "" if name in SHELLS else PROGRAMS.get(program, program)


def script(program: str, code: str, source: Source, notes: Notes) -> str:
    """Return the command that has another program than a shell run the code."""
    message = f"this is run by {named(program)}, which the machine may not have"
    notes.add("changed", source, message, "Install it in an earlier step")
    lines, word = code.split("\n"), "CODE"
    while word in lines:
        word += "_"
    return f"{program} /dev/stdin <<'{word}'\n{code}\n{word}"


def placed(command: str, given: Attributes, source: Source, notes: Notes) -> str:
    """Return a command as it runs where, and in the background if, it is said."""
    if given.is_set("promptEnv"):
        for name in PROMPTED.findall(command):
            message = f"nobody is asked for {named(name)} here"
            notes.add("changed", source, message, "Say in the text what to put there")
    if given.is_set("background"):
        command = f"{{\n{command}\n}} &" if "\n" in command else f"{command} &"
    return _in_folder(given.text("cwd"), command, source, notes)


def _in_folder(folder: str, command: str, source: Source, notes: Notes) -> str:
    if not folder:
        return command
    if not folder.startswith(("/", "~")):
        message = f"{named(folder)} is a folder beside the text, not on the machine"
        notes.add("dropped", source, message, "Name a folder by its whole path")
        return command
    home, rest = ("~/", folder[2:]) if folder.startswith("~/") else ("", folder)
    path = home + quote(rest) if folder != "~" else "~"
    return f"cd {path}\n{command}\ncd -"
