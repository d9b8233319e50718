"""Commands of Instruqt's machines that scripts call, as functions of a shell."""

from __future__ import annotations

import re

from lab_runner.formats.foreign.notes import Notes, named
from lab_runner.formats.foreign.texts import Text

VARIABLES = "/opt/instruqt/variables"
BOOTSTRAP = "/opt/instruqt/bootstrap"
HELPERS = {
    "fail-message": 'fail-message() { echo "$*" >&2; }',
    "set-status": 'set-status() { echo "$*"; }',
    "agent": f"""agent() {{
  case "$2" in
    set) mkdir -p {VARIABLES} && printf '%s' "$4" >"{VARIABLES}/$3" ;;
    get) cat "{VARIABLES}/$3" ;;
  esac
}}""",
    "host-bootstrap-completed": f"mkdir -p {BOOTSTRAP} && "
    f"touch {BOOTSTRAP}/host-bootstrap-completed",
}
"""By the word that says, wherever it stands in a script, that it is needed."""

WORD = re.compile(r"[\w-]+")
ABSENT = re.compile(r"\$\{?(INSTRUQT_\w+|_SANDBOX_ID)\b")


def preamble(script: Text, notes: Notes) -> str:
    """Return what a script needs before it; what there is none for is noted."""
    words = set(WORD.findall(script.content))
    for absent in ABSENT.finditer(script.content):
        line = script.content.count("\n", 0, absent.start()) + 1
        message = f"{named(absent[1])} is not set here"
        notes.add("suspect", script.source(line), message, "Set it in the script")
    return "".join(f"{text}\n" for word, text in HELPERS.items() if word in words)
