"""Administering this host: every command goes through here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from checks.doors import pty
from checks.doors.machine import PATH
from lab_runner.errors import MachineError

# What lab machines take, whatever they run under, with the package of each.
TOOLS = {
    "mmdebstrap": "mmdebstrap",
    "openssl": "openssl",
    "iptables": "iptables",
    "ip": "iproute2",
    "unshare": "util-linux",
    "setpriv": "util-linux",
    "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
}


def environment() -> dict[str, str]:
    """Return the environment of host commands: plain messages, sbin on the path."""
    path = f"{os.environ.get('PATH') or PATH}:/usr/local/sbin:/usr/sbin:/sbin"
    return {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"}


def run(argv: Sequence[str], *, given: str = "") -> str:
    """Run a command with `given` as its input and return its output.

    It gets a process group of its own: Ctrl-C ends labrun, which then tidies up,
    and not the command that is just tidying.
    """
    try:
        done = subprocess.run(
            argv,
            input=given,
            capture_output=True,
            text=True,
            env=environment(),
            process_group=0,
            check=True,
        )
    except FileNotFoundError:
        raise MachineError(f"there is no `{argv[0]}` on this host") from None
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip().splitlines() or [
            "it said nothing"
        ]
        raise MachineError(
            f"`{shlex.join(argv)}` failed: {said[0]}", "labrun doctor"
        ) from None
    return done.stdout


def succeeds(argv: Sequence[str]) -> bool:
    """Run a command whose exit code is the answer."""
    return subprocess.run(argv, capture_output=True, env=environment()).returncode == 0


def attach(argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a command on the caller's own input and output; return its exit code."""
    code = subprocess.run(argv, env=env).returncode
    return code if code >= 0 else 128 - code


def watch(
    argv: Sequence[str], hear: Callable[[str], None], env: Mapping[str, str]
) -> int:
    """Run a command on a terminal of its own, hand on what it prints, line by line.

    On a terminal, because programs tell their progress to nothing else.
    """
    terminal = pty.start(argv, {**environment(), **env}, pty.open_local())
    try:
        terminal.resize(24, 100)
        for line in _lines(terminal.master):
            hear(line)
        return terminal.wait()
    finally:
        terminal.close()


def require_root() -> None:
    """Raise MachineError with the very command to repeat, unless this is root."""
    if os.geteuid() != 0:
        program = Path(sys.argv[0]).absolute()
        as_module = program.name == "__main__.py"
        again = [sys.executable, "-m", "lab_runner"] if as_module else [str(program)]
        raise MachineError(
            "lab machines need root", f"sudo {shlex.join([*again, *sys.argv[1:]])}"
        )


def require_tools(tools: Mapping[str, str] = TOOLS) -> None:
    """Raise MachineError that names all missing programs and how to install them."""
    if missing := missing_tools(tools):
        names = ", ".join(f"`{tool}`" for tool in missing)
        raise MachineError(
            f"lab machines need {names}, not found on this host", installing(missing)
        )


def missing_tools(tools: Mapping[str, str] = TOOLS) -> dict[str, str]:
    """Return what this host lacks of these programs, with the package of each."""
    path = environment()["PATH"]
    return {
        tool: package
        for tool, package in tools.items()
        # A keyring is needed as well, and is not executable.
        if not shutil.which(tool, mode=os.F_OK, path=path)
    }


def installing(missing: Mapping[str, str]) -> str:
    """Return the command that installs the packages of missing programs."""
    return f"sudo apt-get install -y {' '.join(dict.fromkeys(missing.values()))}"


def has_systemd() -> bool:
    """Return whether PID 1 of this host is systemd: sd_booted(3)."""
    return Path("/run/systemd/system").is_dir()


def _lines(master: int) -> Iterator[str]:
    pending = b""
    while True:
        try:
            data = os.read(master, 1 << 16)
        except OSError:  # EIO: the last program on the terminal has ended
            break
        *lines, pending = re.split(rb"[\r\n]", pending + data)
        yield from (line.decode(errors="replace") for line in lines)
    yield pending.decode(errors="replace")
