"""Why a server was not reached, from what ssh wrote into its log."""

from __future__ import annotations

from checks.doors.ssh.address import Address
from checks.errors import CheckError, NotPermitted, Unreachable


def explain(address: Address, log: str, *, was_open: bool) -> CheckError:
    """Return the error for a connection that was not made, or that has ended."""
    server, once = f"`{address.login}`", f"`{address.command}` once"
    if "IDENTIFICATION HAS CHANGED" in log:
        return NotPermitted(
            f"the host key of {server} has changed: it is another server than before",
            f"if you know why: `ssh-keygen -R '{address.known_as}'`, then {once}",
        )
    if "Host key verification failed" in log:
        return NotPermitted(
            f"the host key of {server} is not known here",
            f"{once}, and say yes if the fingerprint is the server's",
        )
    if "Permission denied" in log:
        command = address.command.replace("ssh", "ssh-copy-id", 1)
        return NotPermitted(f"{server} does not let you in", f"`{command}`")
    if not log and not was_open:
        return Unreachable(
            f"{server} lets you in, but no shell answers there",
            f"`{address.command}` shows what does",
        )
    reason = log.strip().rpartition("\n")[2] or "ssh said no reason"
    what = "broke off" if was_open else "was not made"
    return Unreachable(
        f"the connection to {server} {what}: {reason}",
        f"`{address.command}` shows whether the server answers",
    )
