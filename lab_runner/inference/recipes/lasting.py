"""Whether what is started in a container in the background keeps running."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from checks import reference
from lab_runner.inference import options
from lab_runner.inference.wrappers import SHELLS

DURATION = re.compile(r"inf(?:inity)?|(?P<number>\d+(?:\.\d+)?)(?P<unit>[smhd]?)")
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
LONG = 600
# Images whose own program serves until it is stopped.
SERVERS = options.listed(
    """
    caddy grafana/grafana httpd jenkins/jenkins k8s.gcr.io/pause memcached mongo nats
    nextcloud nginx nginxdemos/hello portainer/portainer-ce prom/prometheus rabbitmq
    redis registry registry.k8s.io/pause tomcat traefik traefik/whoami wordpress
    """
)
# Databases that end at once unless a variable of this name tells a password.
SECRETS = {
    "mariadb": ("MARIADB_", "MYSQL_"),
    "mysql": ("MYSQL_",),
    "postgres": ("POSTGRES_PASSWORD=", "POSTGRES_HOST_AUTH_METHOD="),
}
# Images whose own program is a shell, which waits at a terminal.
SHELLED = options.listed(
    """
    almalinux alpine amazonlinux archlinux bash busybox centos debian fedora
    oraclelinux rockylinux ubuntu
    """
)
SESSIONS = {
    *SHELLS,
    *("fish", "irb", "mongo", "mongosh", "mysql", "node", "psql", "python", "python3"),
    *("redis-cli", "sqlite3", "su"),
}
LASTING = options.listed(
    """
    apache2 caddy dockerd haproxy httpd httpd-foreground memcached mysqld nginx postgres
    rabbitmq-server redis-server registry sshd top traefik
    """
)
FOR_EVER = re.compile(
    r"\s*while (?:true|:|sleep [\d.]+) *;(?!.*\b(?:break|exit)\b)", re.DOTALL
)


def lasts(
    image: str,
    words: Sequence[str],
    *,
    has_terminal: bool,
    environment: Sequence[str] = (),
) -> bool:
    """Tell whether it surely runs on: by its command, else by what its image is for.

    `environment` has the variables that it is given, as `NAME=VALUE`.
    """
    if not words:
        name = repository(image)
        if needed := SECRETS.get(name):
            return any(each.startswith(needed) for each in environment)
        return name in SERVERS or (has_terminal and name in SHELLED)
    program = posixpath.basename(words[0])
    if program == "sleep":
        return sleeps_long(words[1:])
    if program == "tail":
        return options.parse(words[1:]).has("-f", "-F", "--follow")
    if program in SHELLS and list(words[1:2]) == ["-c"]:
        return runs_for_ever("".join(words[2:3]))
    waits = has_terminal and len(words) == 1 and program in SHELLS
    return waits or program in LASTING


def runs_for_ever(script: str) -> bool:
    """Tell of what `sh -c` runs whether it is a loop without end, or a long sleep."""
    last = script.rpartition(";")[2].split()
    sleeps = last[:1] == ["sleep"] and sleeps_long(last[1:])
    return sleeps or bool(FOR_EVER.match(script))


def is_session(words: Sequence[str]) -> bool:
    """Tell whether what is run at a terminal is a shell, or the image's own program."""
    program = posixpath.basename(words[0]) if words else ""
    return not words or (
        program in SESSIONS and "-c" not in words and "-e" not in words
    )


def sleeps_long(words: Sequence[str]) -> bool:
    """Tell whether `sleep` lasts until somebody has looked: ten minutes or more."""
    found = DURATION.fullmatch(words[0]) if words else None
    if not found or found["number"] is None:
        return bool(found)
    return float(found["number"]) * SECONDS[found["unit"]] >= LONG


def repository(image: str) -> str:
    """Return an image's name as Docker shows it; of a mirror, as that of the original."""
    whole = reference.parse(image).repository
    return whole.rpartition("library/")[2].removeprefix(f"{reference.HUB}/")
