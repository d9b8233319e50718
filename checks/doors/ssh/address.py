"""Where a server is: `ssh://[user@]host[:port]`, the host also by its alias."""

from __future__ import annotations

import re
from dataclasses import dataclass

SCHEME = "ssh://"
PARTS = re.compile(
    r"(?:(?P<user>[^@]*)@)?(?:\[(?P<ipv6>[^\]]*)\]|(?P<host>[^:/?#\[\]@]*))"
    r"(?P<port>:[^/?#]*)?/?(?:\?(?P<query>.*))?",
    re.DOTALL,
)
# Neither can be taken for an option, nor mean anything to a shell in ~/.ssh/config.
USER = re.compile(r"\w[\w.+\\-]*\$?", re.ASCII)
HOST = re.compile(r"\w[\w.-]*", re.ASCII)
IPV6 = re.compile(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[\w.-]+)?", re.ASCII)
SUDO = {None: True, "sudo=yes": True, "sudo=no": False}


@dataclass(frozen=True, slots=True)
class Address:
    """A server, and who to be on it; what is empty is up to ~/.ssh/config."""

    host: str
    user: str = ""
    port: int | None = None
    sudo: bool = True

    @property
    def options(self) -> tuple[str, ...]:
        """The words that lead ssh(1) there."""
        user = ("-l", self.user) if self.user else ()
        port = ("-p", str(self.port)) if self.port else ()
        return (*user, *port, "--", self.host)

    @property
    def command(self) -> str:
        """What a person types to get there."""
        port = f"-p {self.port} " if self.port else ""
        return f"ssh {port}{self.login}"

    @property
    def login(self) -> str:
        return f"{self.user}@{self.host}" if self.user else self.host

    @property
    def known_as(self) -> str:
        """The server's name in a file of known hosts: sshd(8)."""
        return f"[{self.host}]:{self.port}" if self.port else self.host


def parse(url: str) -> Address:
    """Read an address; raises ValueError with one sentence."""
    found = PARTS.fullmatch(url.removeprefix(SCHEME))
    if not url.startswith(SCHEME) or found is None:
        raise ValueError(f"`{url}` is not the address of a server")
    if found["user"] is not None and not USER.fullmatch(found["user"]):
        hint = ": keys and ssh's own question are for that" * (":" in found["user"])
        raise ValueError(f"`{found['user'].partition(':')[0]}` is no user's name{hint}")
    if found["query"] not in SUDO:
        raise ValueError(f"`?{found['query']}` means nothing; there is `?sudo=no`")
    return Address(
        _host(found["host"], found["ipv6"]),
        found["user"] or "",
        _port(found["port"]),
        SUDO[found["query"]],
    )


def _host(host: str | None, ipv6: str | None) -> str:
    if ipv6 is not None and IPV6.fullmatch(ipv6):
        return ipv6
    if host is not None and HOST.fullmatch(host):
        return host
    raise ValueError(f"`{host if ipv6 is None else ipv6}` is no host's name or address")


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    digits = text.removeprefix(":")
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits[:6]) < 65536):
        raise ValueError(f"`{digits}` is no port; ports go from 1 to 65535")
    return int(digits)
