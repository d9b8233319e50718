"""Changes of a machine that say nothing of a step: they come by themselves."""

from __future__ import annotations

import re

from checks.snapshot.model import Change

PARTS = ("processes", "snapshots", "content")
"""Numbers of processes differ by nature; layers and blobs follow from images."""
UNITS = re.compile(
    r"(?:systemd-|user@|user-runtime-dir@|getty|serial-getty|console-getty|apt-|dpkg-"
    r"|e2scrub|fstrim|dbus|modprobe@).*|.*\.(?:device|scope|slice|target|path|swap|timer)"
)
FILES = re.compile(
    r"/(?:run|tmp|proc|sys|dev)/.*|/var/(?:log|cache|tmp|backups)/.*|/var/lib/(?:apt|dpkg"
    r"|systemd|containerd|docker|private|ucf|nfs|dbus)(?:/.*)?|/etc/(?:ld\.so\.cache|mtab"
    r"|machine-id|resolv\.conf|\.pwd\.lock|\.updated|alternatives/.*|(?:passwd|group"
    r"|shadow|gshadow|subuid|subgid)-?|systemd/.*\.(?:wants|requires)/.*|rc\d\.d/.*)"
    r"|.*/(?:__pycache__|\.cache)(?:/.*)?|.*\.(?:pyc|pid|lock|swp)|.*/\.(?:bash_history"
    r"|wget-hsts|viminfo|lesshst)|/var/\.updated"
)
MOUNTS = re.compile(r"/(?:run|proc|sys|dev|var/lib/(?:docker|containerd))(?:/.*)?")
DOCKERS = ("network bridge", "network host", "network none")
EPHEMERAL = 32768
"""Ports from here on are given out by chance."""


def is_noise(change: Change) -> bool:
    """Tell whether a change would come without the step, or never twice the same."""
    part, name = change.part.partition(" ")[0], change.name
    if part in PARTS or not name:
        return True
    match part:
        case "units":
            return UNITS.fullmatch(name) is not None
        case "files":
            return FILES.fullmatch(name) is not None
        case "mounts":
            return MOUNTS.fullmatch(name) is not None
        case "ports":
            return int(name.partition("/")[0]) >= EPHEMERAL
        case "docker":
            return name in DOCKERS
        case "containerd":
            return "moby" in name.split(":")[0] or "image sha256:" in name
    return False
