r"""Requests from inside a shell, carried by its own terminal.

The shell's environment holds a small function `labrun`. What it wants it prints as an
escape sequence that only the relay understands, `ESC ] 7337 ; token ; id ; verb BEL`:

    ?  run a command: whether its output is a terminal, `;`, and arguments, each
       ended by US (0x1f)
    +  type one more line of the answer
    <  type this again, once the answer is over: it was typed ahead
    x  it has given up

The shell itself, too, leaves marks there when it is recorded (see recording/bash):

    s  a command line starts
    p  a prompt is about to be shown

Each line of the answer is typed only when it was asked for, and is a comment to any
shell that should read it by mistake: `#`, the id, a tag (`h` heard, `1` and `2` text
for standard output and error, `=` exit code) and letters, digits and octal escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LINE = 3000
LONGEST_REQUEST = 64 << 10
OF_SESSION = ("next", "check", "hint", "show", "status", "answer", "solve")
MARKS = ("s", "p")
COMMANDS = (*OF_SESSION, "list", "read", "--help", "--version")

# In a subshell, so that its traps and variables are its own. What the learner typed
# ahead comes along with the answer and is handed back to be typed again: `hear` keeps
# of each line what follows this request's own mark. Left behind by what it was run
# from, it can no longer use the terminal, and ends without a word.
FUNCTION = r"""() { (
  id=$RANDOM$RANDOM out=0 ended=
  [ -t 1 ] && out=1
  say() { printf '\033]7337;%s;%s;%s\007' "$LABRUN_TOKEN" "$id" "$1" >/dev/tty; }
  hear() {
    while IFS= read -r "$@" line 2>/dev/null; do
      case $line in
        "#$id"*) ;;
        *"#$id"*) give_back "${line%%"#$id"*}" ;;
        *) give_back "$line"$'\r'; continue ;;
      esac
      line=${line#*"#$id"} && return
    done
    return 1
  }
  give_back() { text=${1//[$'\r\n']/$'\037'}; say "<${text//[$'\001'-$'\036'$'\177']/ }"; }
  saved=$(stty -g </dev/tty 2>/dev/null) || { echo "labrun: no terminal" >&2; exit 3; }
  trap '[ "$ended" ] || say x; stty "$saved" </dev/tty 2>/dev/null' EXIT
  trap 'exit 130' INT TERM HUP
  stty -echo icanon </dev/tty
  words=
  for word; do words+=${word//[[:cntrl:]]/ }$'\037'; done
  exec 3>&1 </dev/tty
  say "?$out;$words"
  if ! hear -t 3; then
    echo "labrun: this terminal is not the one labrun opened; leave tmux or screen" >&2
    exit 3
  fi
  while say + && hear; do
    case $line in
      1*) printf '%b' "${line:1}" >&3 ;;
      2*) printf '%b' "${line:1}" >&2 ;;
      =*) ended=1; exit "${line:1}" ;;
    esac
  done
  exit 3
); }"""

PLAIN = re.compile(rb"[A-Za-z0-9 .,:_-]")


@dataclass(frozen=True, slots=True)
class Message:
    """What was printed for the relay: one of the verbs, and what belongs to it.

    `arguments` are the words of a request, or the fields of a mark.
    """

    id: str
    verb: str
    on_terminal: bool = False
    arguments: tuple[str, ...] = ()
    typed: bytes = b""


class Messages:
    """Takes messages out of a stream of terminal output, however it is cut up."""

    def __init__(self, token: str) -> None:
        self._intro = f"\x1b]7337;{token};".encode()
        # A control character other than US ends what can be a message. A bash that
        # expands nothing in prompts leaves `$$` as it is.
        self._message = re.compile(
            re.escape(self._intro) + rb"(\d+|\$\$);([?+<xsp])([^\x00-\x1e\x7f]*)(.?)",
            re.DOTALL,
        )
        self._kept = b""

    def feed(self, data: bytes) -> tuple[bytes, list[Message]]:
        """Return what to show of `data`, and the messages that became whole."""
        data, shown, found = self._kept + data, b"", []
        self._kept = b""
        while (start := data.find(self._intro)) >= 0:
            shown, data = shown + data[:start], data[start:]
            match = self._message.match(data)
            if match and match[4] == b"\x07":
                found.append(_message(match[1].decode(), match[2].decode(), match[3]))
                data = data[match.end() :]
            elif self._may_grow(data, match):
                self._kept = data
                return shown, found
            else:
                shown, data = shown + data[:1], data[1:]
        keep = _overlap(data, self._intro)
        self._kept = data[len(data) - keep :]
        return shown + data[: len(data) - keep], found

    def _may_grow(self, data: bytes, match: re.Match[bytes] | None) -> bool:
        if len(data) > LONGEST_REQUEST:
            return False
        if match:
            return not match[4]
        return re.fullmatch(rb"(\d*|\$\$?);?", data[len(self._intro) :]) is not None


def refusal(arguments: Sequence[str]) -> str:
    """Return why a command is not run for a shell, or an empty text.

    What runs in a machine may ask for that machine's own lab and for nothing else.
    """
    word = arguments[0] if arguments else "--help"
    if word not in COMMANDS:
        return (
            f"`labrun {word}` does not work inside the lab's shell;"
            " leave it with `exit` first"
        )
    for argument in arguments:
        if argument.partition("=")[0] in ("--on", "--lab", "--"):
            return f"this shell belongs to its lab and machine: leave `{argument}` out"
    return ""


def shell_environment(token: str) -> dict[str, str]:
    """Return what a bash needs to know the function `labrun`."""
    return {"BASH_FUNC_labrun%%": FUNCTION, "LABRUN_TOKEN": token}


def lines(request: str, tag: str, data: bytes) -> Iterator[bytes]:
    """Cut bytes into lines of an answer that `printf %b` turns back into the same bytes.

    A terminal takes no line over 4095 bytes and acts on control characters.
    """
    line = b""
    for byte in data:
        character = bytes([byte])
        line += character if PLAIN.match(character) else b"\\0%03o" % byte
        if len(line) > LINE:
            yield line_of(request, tag, line)
            line = b""
    if line:
        yield line_of(request, tag, line)


def line_of(request: str, tag: str, text: bytes = b"") -> bytes:
    return f"#{request}{tag}".encode() + text + b"\n"


def _message(request: str, verb: str, rest: bytes) -> Message:
    if verb == "<":
        return Message(request, verb, typed=rest.replace(b"\x1f", b"\r"))
    if verb in MARKS:
        fields = rest.decode(errors="replace").split("\x1f")
        return Message(request, verb, arguments=tuple(fields))
    flag, _, words = rest.decode(errors="replace").partition(";")
    return Message(request, verb, flag == "1", tuple(words.split("\x1f")[:-1]))


def _overlap(data: bytes, intro: bytes) -> int:
    """Return how many bytes at the end of `data` may be the beginning of `intro`."""
    for length in range(min(len(intro) - 1, len(data)), 0, -1):
        if data.endswith(intro[:length]):
            return length
    return 0
