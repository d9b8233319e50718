"""Whether what is started in a container in the background keeps running."""

from __future__ import annotations

import posixpath

from lab_runner.inference import options
from lab_runner.inference.recipes.container_options import Asked

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


def lasts(made: Asked) -> bool:
    """Tell whether it surely runs on: by its command, else by what its image is for."""
    entry = made.given.value("--entrypoint")
    words = [*([entry] if entry else []), *made.command]
    if words:
        return _program(words[0]) in LASTING
    is_brief = repository(made.image) in BRIEF
    return not is_brief or made.is_interactive or made.given.has("-t", "--tty")


def repository(image: str) -> str:
    """Return the last part of an image's name, without tag and digest."""
    return posixpath.basename(image.partition("@")[0]).partition(":")[0]


def _program(path: str) -> str:
    return posixpath.basename(path)
