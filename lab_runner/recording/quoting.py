r"""Text as bash and zsh quote it when asked for `$'…'`, in the C locale."""

from __future__ import annotations

import re

LONGEST = 4096
ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
NAMED = {
    b"a": b"\a",
    b"b": b"\b",
    b"e": b"\x1b",
    b"E": b"\x1b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"v": b"\v",
}


def unquoted(field: str) -> str:
    """Return what was quoted, without the newline that made the shell quote it.

    What is longer than LONGEST bytes is cut and ends in an ellipsis.
    """
    quoted = field.encode("ascii", "replace").removeprefix(b"$'").removesuffix(b"'")
    data = ESCAPE.sub(_byte, quoted).removesuffix(b"\n")
    if len(data) > LONGEST:
        return data[:LONGEST].decode(errors="ignore") + "…"
    return data.decode(errors="replace")


def _byte(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if len(code) == 3:
        return bytes([int(code, 8) & 0xFF])
    return NAMED.get(code, code)
