"""What is typed, and where: on the machine, or into what a command has opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lab_runner.inference.effects import understand
from lab_runner.inference.model import Invocation
from lab_runner.inference.shell import Shell
from lab_runner.model import Command

ELSEWHERE = "is typed into what was opened before it"
LEAVES = ("exit", "logout", "quit")


def read(commands: Sequence[Command]) -> Iterator[list[Invocation]]:
    """Yield the simple commands of each command of a machine's learner.

    What follows `docker exec -it web sh` is typed inside, up to `exit`; where the text
    does not say `exit`, up to the end of the same command.
    """
    pieces = _pieces(commands, Shell())
    ends = _ends(pieces)
    return _marked(commands, ends) if ends else iter(pieces)


def _pieces(commands: Sequence[Command], shell: Shell) -> list[list[Invocation]]:
    return [list(shell.read(each.text, each.source.line)) for each in commands]


def _ends(pieces: Sequence[Sequence[Invocation]]) -> Mapping[int, int]:
    """Return by number of each command that opens something what comes after it."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    number = 0
    for piece in pieces:
        last = number + len(piece)
        for each in piece:
            if opened and each.program in LEAVES and not each.doubt:
                ends[opened.pop()] = number + 1
            elif understand(each).effects.opens:
                opened.append(number)
                ends[number] = last
            number += 1
    return ends


def _marked(
    commands: Sequence[Command], ends: Mapping[int, int]
) -> Iterator[list[Invocation]]:
    """Read again; what is typed elsewhere moves nothing in the learner's own shell."""
    shell = Shell()
    number = end = 0
    own = shell.variables
    for command in commands:
        piece: list[Invocation] = []
        for each in shell.read(command.text, command.source.line):
            is_elsewhere = number < end
            piece.append(replace(each, doubt=ELSEWHERE) if is_elsewhere else each)
            if not is_elsewhere:
                own, end = dict(shell.variables), ends.get(number, end)
            elif number + 1 == end:
                shell.variables = own
            number += 1
        yield piece
