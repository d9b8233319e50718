"""What was typed since the last prompt, as far as it tells how a line begins.

Nothing of it is kept: it only helps to tell a command that was hidden from the
history, by a space in front, from one that the history has already.
"""

from __future__ import annotations

import re

# Typed from left to right, with completion at most: nothing that moves the cursor,
# takes characters away, or lets the shell put something in.
PLAIN = re.compile(rb"[^\x00-\x20!\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f!\x7f]*[\r\n]")
# The last line of the history, brought back: `!!`, arrow up, Ctrl-P.
AGAIN = (b"!!\r", b"\x1b[A\r", b"\x1bOA\r", b"\x10\r")
# One line and its end, or Ctrl-C.
ONE = re.compile(rb"[^\r\n\x03]*[\r\n\x03]")
PASTE = re.compile(rb"\x1b\[20[01]~")
LONGEST = 64 << 10


class Typed:
    """Follows the keys of one terminal from prompt to prompt."""

    def __init__(self) -> None:
        self._keys = b""
        self._is_running = False
        # Whether nothing typed before the prompt can be part of the line after it.
        self._is_whole = True
        self._is_settled = True

    def add(self, keys: bytes) -> None:
        # What is longer than this has no end, and so is not taken for a line.
        self._keys = (self._keys + keys)[:LONGEST]

    def at_start(self) -> bool:
        """Return whether the line of the command that starts has no space in front.

        False when that is not sure.
        """
        line, self._keys = PASTE.sub(b"", self._keys), b""
        self._is_running = True
        self._is_settled = ONE.fullmatch(line) is not None
        return self._is_whole and (line in AGAIN or PLAIN.fullmatch(line) is not None)

    def at_prompt(self) -> None:
        keys, self._keys = self._keys, b""
        if self._is_running:
            # Keys typed meanwhile may have been for the command, or for the next line.
            self._is_whole = self._is_settled and not keys
        elif keys:
            self._is_whole = ONE.fullmatch(keys) is not None
        self._is_running = False
