"""One connection to a server, which everything else goes through: ssh's ControlMaster."""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

from checks.doors.ssh import failure, folder, remote
from checks.doors.ssh.address import Address
from checks.doors.ssh.folder import CONTROL, Folder
from checks.doors.ssh.shell import Shell
from checks.errors import CheckError, ToolMissing

# ssh itself gives up after this many seconds; a person asked for a password may think.
CONNECT, ANSWER = 10, 120
OPTIONS = {
    "StrictHostKeyChecking": "yes",
    "UpdateHostKeys": "no",
    "ConnectTimeout": CONNECT,
    "ServerAliveInterval": 5,
    "ControlMaster": "yes",
    "ControlPersist": "no",
    # What ~/.ssh/config may ask for, and does not belong here.
    "ClearAllForwardings": "yes",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "PermitLocalCommand": "no",
    "RemoteCommand": "none",
    "RequestTTY": "no",
    # So that the log holds reasons only, and not the server's greeting.
    "LogLevel": "ERROR",
}


class Connection:
    """An ssh that begins to connect at once, and the first shell on the far side."""

    def __init__(self, address: Address) -> None:
        self.address = address
        owner, self._ssh = _learner()
        folder.sweep(owner, self._ssh)
        self.folder = Folder(owner)
        is_asked = sys.stdin is not None and sys.stdin.isatty()
        self.patience = ANSWER if is_asked else 2 * CONNECT
        options = {**OPTIONS, "BatchMode": "no" if is_asked else "yes"}
        try:
            self.shell = Shell(
                [
                    *self._ssh,
                    *(f"-o{name}={value}" for name, value in options.items()),
                    *("-S", str(self._control), "-E", str(self._log), "-T"),
                    *address.options,
                    "exec sh",
                ],
                sudo=address.sudo,
                is_shared=True,
            )
        except FileNotFoundError:
            self.folder.close()
            raise ToolMissing(
                "there is no `ssh` on this machine", "apt install openssh-client"
            ) from None

    def another(self) -> Shell:
        """Start another shell on the far side."""
        argv = [*self._sharing, "-T", *self.address.options, "exec sh"]
        return Shell(argv, sudo=self.address.sudo)

    def running(self, script: bytes, *options: str) -> list[str]:
        """Return the command line that runs a script over there, on its own streams."""
        line = remote.command_line(script)
        return [*self._sharing, "-enone", *options, *self.address.options, line]

    def forwarding(self, here: Path, there: str) -> list[str]:
        """Return the command line that has sshd dial a socket for each dialled here."""
        escaped = there.replace("\\", "\\\\").replace(":", "\\:")
        forward = ("-O", "forward", "-L", f"{here}:{escaped}")
        return [*self._sharing, *forward, *self.address.options]

    def failure(self) -> CheckError:
        """Return why there is no connection, or no longer."""
        log = self._log.read_text(errors="replace") if self._log.exists() else ""
        return failure.explain(self.address, log, was_open=self.shell.is_open)

    def close(self) -> None:
        self.shell.end()
        self.folder.close()

    @property
    def _control(self) -> Path:
        return self.folder / CONTROL

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    @property
    def _sharing(self) -> list[str]:
        """An ssh that goes through this connection or nowhere."""
        nowhere = ("-oControlMaster=no", "-oProxyCommand=false", "-oLogLevel=ERROR")
        return [*self._ssh, "-Fnone", "-S", str(self._control), *nowhere]


def _learner() -> tuple[tuple[int, int], tuple[str, ...]]:
    """Return whose keys and known hosts are used, and the command that is their ssh.

    Under sudo they are those of the learner who called it.
    """
    uid = os.environ.get("SUDO_UID", "")
    if os.geteuid() != 0 or not uid.isdigit() or int(uid) == 0:
        return (os.geteuid(), os.getegid()), ("ssh",)
    try:
        learner = pwd.getpwuid(int(uid))
    except KeyError:
        return (0, 0), ("ssh",)
    rights = (f"--reuid={uid}", f"--regid={learner.pw_gid}", "--init-groups")
    return (learner.pw_uid, learner.pw_gid), ("setpriv", *rights, "ssh")
