"""What is typed into the shells on the far side: POSIX sh and coreutils or busybox."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable

from checks.doors.ssh.ahead import FETCH
from checks.doors.ssh.diallers import PROGRAMS

# Each answer ends with the request's mark on both streams. What a program that was
# asked for prints comes through pipes of its own: a child that it leaves behind can
# then hold up the shell, but never write into the answer to another request. `labrun_`
# is said before names of ours, as the shell may have others from the environment.
LIBRARY = r"""
labrun_exec='echo $$; trap "printf $0 >&2" 0; exec "$@"'
labrun_end() { printf '%s %s\n' "$1" "$2"; printf %s "$1" >&2; }
labrun_run() {
  mark=$1; shift
  { {
    { (exec 2>&5 3>&- 4>&- 5>&-; exec setsid sh -c "$labrun_exec" "$@")
      labrun_end "$mark" $? 2>&5; } 2>/dev/null | cat >&3 3>&- 4>&- 5>&-
  } 5>&1 | cat >&4 3>&- 4>&-; } 3>&1 4>&2
}
labrun_read() {
  if [ -f "$1" ]; then head -c "$2" -- "$1"; return; fi
  stat -L -c %f -- "$1" && return 9
}
labrun_stat() { stat -L -c '%f %u %g %s' -- "$1"; }
labrun_lstat() {
  stat -c '%f %u %g %s' -- "$1" && if [ -L "$1" ]; then readlink -- "$1"; fi
}
labrun_names() { find "$1/" -mindepth 1 -maxdepth 1 -print0; }
"""
NOT_A_FILE = 9

# Put before what is to have a terminal: says which one, and turns the end by a signal
# into an exit code, as ssh would not.
ON_TERMINAL = r"""
printf '\033]7337;%s;%s\007' "$(tty)" MARK
trap : INT QUIT
COMMAND
exit $?
"""


def words(argv: Iterable[str | bytes]) -> bytes:
    """Quote words so that a POSIX shell reads back exactly their bytes.

    Raises ValueError for a null byte, which no argument can hold.
    """
    quoted = b" ".join(_quote(os.fsencode(word)) for word in argv)
    if b"\0" in quoted:
        raise ValueError("embedded null byte")
    return quoted


# The second request: how this goes on, and then who is there, what can dial a socket,
# and where programs are found, root's too. A bash that believes sshd has started it
# reads ~/.bashrc, which is not what a program of a check does on any other machine.
INTRODUCTION = f"""{LIBRARY}{FETCH}
unset SSH_CLIENT SSH2_CLIENT
export LC_ALL=C.UTF-8 PATH=$PATH:/usr/sbin:/sbin
read -r _ _ _ _ group _ </proc/$$/stat
dialler=$({" || ".join(f"command -v {name}" for name in PROGRAMS)})
echo "${{SUDO_UID:--}} $group ${{dialler##*/}} $PATH"
""".encode()


def greeting(mark: str, *, sudo: bool) -> bytes:
    """Return the first line: become root where that is possible, and answer."""
    answer = f"echo {mark} 0; echo {mark}; echo {mark} >&2"
    become = f'[ "$(id -u)" = 0 ] || sudo -n sh -c "{answer}; exec sh"; '
    return f"{become if sudo else ''}{answer}\n".encode()


def request(mark: str, command: bytes) -> bytes:
    """Return the line that runs a command in the shell itself."""
    name = mark.encode()
    return b"{ %b\n} </dev/null; labrun_end %b $?; echo %b\n" % (command, name, name)


def run(mark: str, refusal: str, argv: Iterable[str]) -> bytes:
    """Return the line that runs a program; `refusal` says that it was not started."""
    call = b"labrun_run " + words([mark, refusal, *argv])
    return b"%b </dev/null; echo %b\n" % (call, mark.encode())


def on_terminal(mark: str, command: bytes, *, sudo: bool) -> bytes:
    """Return the script that runs a command on the terminal it is started on."""
    head, _, tail = ON_TERMINAL.replace("MARK", mark).partition("COMMAND")
    script = head.encode() + command + tail.encode()
    return words(["exec", "sudo", "-n", "sh", "-c", script]) if sudo else script


def command_line(script: bytes) -> str:
    """Return a script as a command that any login shell hands to sh unchanged."""
    coded = "".join(
        chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else f"\\0{byte:03o}"
        for byte in script
    )
    return f"exec sh -c 'eval \"$(printf %b \"$1\")\"' sh '{coded}'"


def _quote(word: bytes) -> bytes:
    return os.fsencode(shlex.quote(os.fsdecode(word)))
