"""What one command does: its recipe, and what holds of every command."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lab_runner.inference import placeholders, shell
from lab_runner.inference.model import (
    UNKNOWN,
    Effects,
    Fact,
    Invocation,
    fact,
    look,
    unknown,
)
from lab_runner.inference.recipes import redirections, shown
from lab_runner.inference.recipes.table import RECIPES

ASKED = {"--help", "--version", "-h", "-V", "-v", "-version", "version", "help"}


@dataclass(frozen=True, slots=True)
class Understood:
    """A command with what it does."""

    command: Invocation
    effects: Effects


def understand(command: Invocation) -> Understood:
    """Say what a command does; what cannot be known for sure is left out."""
    return Understood(command, _certain(command, _effects(command)))


def _effects(command: Invocation) -> Effects:
    if placeholders.has(command.text):
        return Effects("placeholder", why="the reader has to fill it in")
    if not command.argv and not command.redirects:
        return unknown(command.doubt or "it runs nothing")
    return redirections.added(_own(command), command)


def _own(command: Invocation) -> Effects:
    if not command.argv:
        return look(why="it empties a file, or makes it")
    if UNKNOWN in command.argv[0]:
        return unknown("its program is known only when it runs")
    if "--help" in command.arguments or (
        len(command.arguments) == 1 and command.arguments[0] in ASKED
    ):
        return look()
    recipe = RECIPES.get(command.program, shown.recipe)
    return recipe(command)


def _certain(command: Invocation, effects: Effects) -> Effects:
    """Leave out facts of a command that may not run, and those with unknown words."""
    if effects.kind == "look" and not effects.facts and (ran := _ran(command)):
        effects = replace(effects, facts=(ran,))
    if command.doubt and effects.kind in ("change", "look"):
        touched = {each.identity for each in effects.facts}
        doubtful = replace(effects, facts=(), why=f"it {command.doubt}")
        return doubtful.forgetting(lambda known: known.identity in touched)
    known = tuple(each for each in effects.facts if UNKNOWN not in repr(each.spec))
    if len(known) == len(effects.facts):
        return effects
    lost = {each.kind for each in effects.facts if _alters(each) and each not in known}
    certain = replace(effects, facts=known, why="a word is known only when it runs")
    return certain.forgetting(lambda known: known.kind in lost)


def _alters(each: Fact) -> bool:
    """Tell whether something that was there is in another state: of unknown name, any.

    Files are told apart by their folders, in the recipes.
    """
    is_new = "image" in each.spec
    moves = "active" in each.spec or (bool(each.state) and not is_new)
    return each.kind != "file" and (each.is_absence or moves)


def _ran(command: Invocation) -> Fact | None:
    """Return the fact that a command was run; not of a filter or of the shell itself."""
    is_fed = command.is_fed or command.stdin is not None
    if is_fed or not command.is_typed or command.program in shown.SILENT:
        return None
    words = shell.joined(command)
    return fact("ran", words) if words else None
