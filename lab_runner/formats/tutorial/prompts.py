"""Prompts, by which what is typed is told from what is printed."""

from __future__ import annotations

import re

# Inside a container: root at an ID, and shells of images that set no prompt.
INSIDE = re.compile(
    r"[ \t]*(?:\[?\w+@[0-9a-f]{12}[: ]|(?:~|/\w*) [#$](?: |$)"
    r"|(?:ba)?sh-[45]\.\d+[#$](?: |$))"
)
# Shells of databases and languages.
FOREIGN = re.compile(
    r"[ \t]*(?:>>>|\w+[=-][#>]|irb\([^)\n]{0,40}\)[\w:]*[>*]|MariaDB \[[^]\n]{0,80}\]>"
    r"|(?:mysql|mariadb|sqlite|redis|[\d.]+:\d+|mongo|test|ftp|sftp|scala|gdb)>)(?: |$)"
)
WINDOWS = re.compile(r"[ \t]*(?:PS[ \t]+)?[A-Za-z]:\\[^>\n]{0,200}>")
PROMPT = re.compile(
    rf"(?!{INSIDE.pattern})[ \t]*(?:\([\w.-]{{1,40}}\)[ \t]*)?"
    r"(?:\[?[\w.-]{1,40}@[\w.-]{1,80}[: ][^\s$#%>\]]{0,200}\]?[ \t]?[$#%>]"
    r"|[➜\u276fλ](?:[ \t]+(?:~|[~/]\S{1,200}|\S{1,200}(?=[ \t]+git:)))?"
    r"(?:[ \t]+git:\([^)\n]{0,80}\))?(?:[ \t]+✗)?"
    r"|[\w.-]{0,40}\$|%)[ \t]+(\S.*)"
)
ROOT = re.compile(r"[ \t]*#[ \t]+(\S.*)")
ANGLE = re.compile(r"[ \t]*>[ \t]+(\S.*)")


def is_elsewhere(line: str) -> bool:
    """Tell whether a line is typed into a container, a database or another system."""
    return bool(INSIDE.match(line) or FOREIGN.match(line) or WINDOWS.match(line))
