"""Requests from inside a shell, carried by its own terminal.

The shell's environment holds a small function `labrun`. It prints a request as a
terminal escape that only the relay understands, and the relay types the answer back,
line by line: `+` heard, `1` and `2` text for standard output and error, `=` exit code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LINE = 500
OF_SESSION = ("next", "check", "hint", "show", "status", "answer", "solve")
COMMANDS = (*OF_SESSION, "list", "read", "--help", "--version")

# An operating-system command of our own; terminals that do not know it print nothing.
FUNCTION = r"""() {
  local line saved code=1 out=0 tag
  [ -t 1 ] && out=1
  saved=$(stty -g </dev/tty 2>/dev/null) || { echo "labrun: no terminal" >&2; return 3; }
  stty -echo icanon </dev/tty
  { printf '\033]7337;%s;%s;' "$LABRUN_TOKEN" "$out"; printf '%s\037' "$@"
    printf '\007'; } >/dev/tty
  {
    if ! IFS= read -r -t 3 line; then
      echo "labrun: this terminal is not the one labrun opened; leave tmux or screen" >&2
      code=3
    else
      while IFS= read -r line; do
        tag=${line:0:1} line=${line:1}
        case $tag in
          1) printf '%b' "$line" ;;
          2) printf '%b' "$line" >&2 ;;
          =) code=$line; break ;;
        esac
      done
    fi
  } </dev/tty
  stty "$saved" </dev/tty
  return "$code"
}"""


@dataclass(frozen=True, slots=True)
class Request:
    """A labrun command typed inside the shell."""

    arguments: tuple[str, ...]
    on_terminal: bool


class Requests:
    """Takes requests out of a stream of terminal output, however it is cut up."""

    def __init__(self, token: str) -> None:
        self._intro = f"\x1b]7337;{token};".encode()
        self._kept = b""

    def feed(self, data: bytes) -> tuple[bytes, list[Request]]:
        """Return what to show of `data`, and the requests that became whole."""
        data = self._kept + data
        shown, found = b"", []
        while (start := data.find(self._intro)) >= 0:
            end = data.find(b"\x07", start)
            if end < 0:
                break
            shown += data[:start]
            found.append(_request(data[start + len(self._intro) : end]))
            data = data[end + 1 :]
        keep = len(data) - start if start >= 0 else _overlap(data, self._intro)
        self._kept = data[len(data) - keep :]
        return shown + data[: len(data) - keep], found


def shell_environment(token: str) -> dict[str, str]:
    """Return what a bash needs to know the function `labrun`."""
    return {"BASH_FUNC_labrun%%": FUNCTION, "LABRUN_TOKEN": token}


def escaped(data: bytes) -> Iterator[bytes]:
    """Cut bytes into short lines that `printf %b` turns back into the same bytes.

    A terminal takes no line over 4095 bytes and acts on control characters.
    """
    line = b""
    for byte in data:
        if byte < 0x20 or byte >= 0x7F or byte == 0x5C:
            line += b"\\0%03o" % byte
        else:
            line += bytes([byte])
        if len(line) > LINE:
            yield line
            line = b""
    if line:
        yield line


def _request(payload: bytes) -> Request:
    flag, _, rest = payload.decode(errors="replace").partition(";")
    return Request(tuple(rest.split("\x1f")[:-1]), flag == "1")


def _overlap(data: bytes, intro: bytes) -> int:
    """Return how many bytes at the end of `data` may be the beginning of `intro`."""
    for length in range(min(len(intro) - 1, len(data)), 0, -1):
        if data.endswith(intro[:length]):
            return length
    return 0
