"""Whether what is started in a container in the background keeps running."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from lab_runner.inference import options
from lab_runner.inference.wrappers import SHELLS

DURATION = re.compile(r"inf(?:inity)?|(?P<number>\d+(?:\.\d+)?)(?P<unit>[smhd]?)")
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
LONG = 300
# Images whose own program is a shell, or ends at once.
BRIEF = options.listed(
    """
    almalinux alpine amazonlinux archlinux bash busybox centos debian fedora golang
    hello-world hello node opensuse oraclelinux python rockylinux ruby ubuntu
    """
)
LASTING = options.listed(
    """
    apache2 caddy dockerd haproxy httpd httpd-foreground memcached mysqld nginx postgres
    rabbitmq-server redis-server registry sshd tail top traefik
    """
)


def lasts(image: str, words: Sequence[str], *, has_terminal: bool) -> bool:
    """Tell whether it surely runs on: by its command, else by what its image is for."""
    if not words:
        return has_terminal or repository(image) not in BRIEF
    program = posixpath.basename(words[0])
    if program == "sleep":
        return sleeps_long(words[1:])
    waits = has_terminal and len(words) == 1 and program in SHELLS
    return waits or program in LASTING


def sleeps_long(words: Sequence[str]) -> bool:
    """Tell whether `sleep` lasts until somebody has looked: five minutes or more."""
    found = DURATION.fullmatch(words[0]) if words else None
    if not found or found["number"] is None:
        return bool(found)
    return float(found["number"]) * SECONDS[found["unit"]] >= LONG


def repository(image: str) -> str:
    """Return the last part of an image's name, without tag and digest."""
    return posixpath.basename(image.partition("@")[0]).partition(":")[0]
