"""Whether a command may be run again to see what it prints."""

from __future__ import annotations

from lab_runner.formats.executable.settings import Settings
from lab_runner.formats.foreign.notes import named
from lab_runner.inference import infer


def objection(command: str, settings: Settings) -> str:
    """Return why the output of a command cannot be checked; empty where it can.

    A check runs the command again, in a shell of its own.
    """
    if not command:
        return "no command stands before this output"
    unknown = settings.unknown(command)
    if unknown:
        return (
            f"{named('$' + unknown[0])} is another each time, and so is what is printed"
        )
    for each in infer.line(command):
        if each.effects.kind != "look":
            return f"{named(each.command.text)} may change something if it is run again"
    return ""
