"""Whether what is started in a container in the background keeps running."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from lab_runner.inference import options
from lab_runner.inference.wrappers import SHELLS

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
    rabbitmq-server redis-server registry sleep sshd tail top traefik
    """
)


def lasts(image: str, words: Sequence[str], *, has_terminal: bool) -> bool:
    """Tell whether it surely runs on: by its command, else by what its image is for."""
    if not words:
        return has_terminal or repository(image) not in BRIEF
    program = posixpath.basename(words[0])
    waits = has_terminal and len(words) == 1 and program in SHELLS
    return waits or program in LASTING


def repository(image: str) -> str:
    """Return the last part of an image's name, without tag and digest."""
    return posixpath.basename(image.partition("@")[0]).partition(":")[0]
