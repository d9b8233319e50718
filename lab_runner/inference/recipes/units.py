"""Units of systemd: whether one still runs some time after it was started."""

from __future__ import annotations

import re
import shlex

from lab_runner.inference import options
from lab_runner.inference.model import Fact, Forgets, Invocation, fact
from lab_runner.inference.recipes.lasting import runs_for_ever, sleeps_long
from lab_runner.inference.wrappers import SHELLS

FOLDERS = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
SETTING = re.compile(r"^[ \t]*(\w+)[ \t]*=[ \t]*(.*?)[ \t]*$", re.MULTILINE)
YES = ("yes", "true", "on", "1")
# Units of distributions that do their work and end, or end when nobody needs them.
BRIEF_UNITS = options.listed(
    """
    anacron apt-daily apt-daily-upgrade apt-news certbot dpkg-db-backup e2scrub_all
    e2scrub_reap esm-cache fstrim fwupd-refresh logrotate man-db motd-news packagekit
    phpsessionclean plocate-updatedb sysstat-collect sysstat-summary systemd-hostnamed
    systemd-localed systemd-timedated systemd-tmpfiles-clean update-notifier-download
    """
)
BRIEF_PROGRAMS = options.listed(
    "chmod chown cp curl date df echo false find ln logger ls mkdir mv printf ps rm"
    " rsync sync sysctl tar touch true uptime wget"
)
STAYS = re.compile(r"\b(?:while|until|exec|sleep|wait)\b")


def of(files: Forgets) -> Forgets:
    """Forget the units whose files are forgotten: one without a file is not known."""

    def lost(known: Fact) -> bool:
        name = known.subject
        file = name if "." in name else f"{name}.service"
        places = (fact("file", f"{folder}/{file}") for folder in FOLDERS)
        return known.kind == "service" and any(map(files, places))

    return lost


def may_end(command: Invocation, unit: str) -> bool:
    """Tell of a service, by its name or by its text, whether it may end by itself."""
    if unit in BRIEF_UNITS:
        return True
    name = re.sub("@.*", "@", unit)
    texts = (command.written(f"{folder}/{name}.service") for folder in FOLDERS)
    text = next(filter(None, texts), None)
    return text is not None and _ends(command, dict(SETTING.findall(text)))


def _ends(command: Invocation, settings: dict[str, str]) -> bool:
    if settings.get("RemainAfterExit", "").lower() in YES:
        return False
    if settings.get("Type") == "oneshot":
        return True
    try:
        words = shlex.split(settings.get("ExecStart", "").lstrip("-@:+!"))
    except ValueError:
        return True
    return not words or _is_brief(command, words)


def _is_brief(command: Invocation, words: list[str]) -> bool:
    program = words[0].rpartition("/")[2]
    if program == "sleep":
        return not sleeps_long(words[1:])
    if program in SHELLS and "-c" in words[:-1]:
        return not runs_for_ever(words[words.index("-c") + 1])
    script = words[1] if program in SHELLS and words[1:] else words[0]
    text = command.written(script)
    is_short = text is not None and not STAYS.search(text)
    return is_short or program in BRIEF_PROGRAMS
