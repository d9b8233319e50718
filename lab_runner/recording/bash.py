"""How a bash (4.4 or later) tells its commands, through its environment alone.

PS0 is shown when a command line starts: a mark `s` with its number in the history, made
without a new process. PROMPT_COMMAND runs before each prompt: a mark `p`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab_runner.recording.quoting import unquoted

START = r"\e]7337;{token};$$;s\!\a"

# In a subshell, for the learner's variables, options and traps are not ours: no trap on
# DEBUG or ERR sees it. Its outputs are closed, so that `set -x` shows nothing of it,
# also where there is no /dev. It ends with the exit code it found, for what else is in
# PROMPT_COMMAND; `&&` keeps `set -e` from taking that for a failure.
HOOK = r'( \builtin eval "$LABRUN_PROMPT" ) >&- 2>&- && ( : ) >&- 2>&-'

PROMPT = rf"""
labrun_exit=$?
\set +eux
case $PS0 in *"7337;$LABRUN_TOKEN;"*) ;; *) \exit "$labrun_exit" ;; esac
labrun_code=$labrun_exit labrun_alone= labrun_line= LC_ALL=C
case ${{PROMPT_COMMAND[*]}} in
  '{HOOK}') labrun_alone=1 ;;
  '{HOOK}'*) ;;
  *) labrun_code= ;;
esac
if [[ -o history && :$BASHOPTS: == *:cmdhist:* ]]; then
  labrun_line=$(HISTTIMEFORMAT= \builtin history 1)
  labrun_line=${{labrun_line:-0  }}
fi
\builtin printf -v labrun_fields '%q\037' "$labrun_code"$'\n' "$PWD"$'\n' \
  "$labrun_alone"$'\n' "$HISTCONTROL"$'\n' "${{HISTIGNORE:+1}}"$'\n' \
  "${{labrun_line:0:5000}}"$'\n'
\builtin printf '\033]7337;%s;%s;p%s\007' "$LABRUN_TOKEN" "$$" \
  "${{labrun_fields%?}}" >/dev/tty
\exit "$labrun_exit"
"""

# As `history` prints it: the number, `*` after a line that was edited, the line.
ENTRY = re.compile(r"\s*([0-9]{1,18})[* ] (.*)", re.DOTALL)


def environment(token: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make a bash tell its commands, with the relay's token.

    A PS0 or PROMPT_COMMAND that is `given` to the shell goes on doing what it does.
    """
    own = given.get("PROMPT_COMMAND", "").removeprefix(HOOK).lstrip("\n")
    return {
        "PS0": START.format(token=token) + given.get("PS0", ""),
        "PROMPT_COMMAND": f"{HOOK}\n{own}" if own else HOOK,
        "LABRUN_PROMPT": PROMPT,
    }


@dataclass(frozen=True, slots=True)
class History:
    """What a bash's history is like at a prompt.

    `number` and `line` are of its last entry; 0 when it is empty, None when it is off
    or parts commands into several entries. `is_alone` says that nothing else in
    PROMPT_COMMAND can add to it.
    """

    number: int | None
    line: str
    is_alone: bool
    control: frozenset[str]
    has_ignored: bool


def history(fields: Sequence[str]) -> History:
    """Read the fields of a mark `p` that come after exit code and directory."""
    alone, control, ignored, last = (unquoted(field) for field in fields)
    entry = ENTRY.fullmatch(last)
    return History(
        number=int(entry[1]) if entry else None,
        line=entry[2] if entry else "",
        is_alone=bool(alone),
        control=frozenset(control.split(":")),
        has_ignored=bool(ignored),
    )


def text(before: History, number: int, after: History, *, is_unhidden: bool) -> str:
    """Return the command between two prompts, or nothing where that is not sure.

    `number` is that of the last entry when the command started, `is_unhidden` says that
    the line was seen to begin with no space.
    """
    spaces_hide = bool(before.control & {"ignorespace", "ignoreboth"})
    surely_there = not before.has_ignored and (is_unhidden or not spaces_hide)
    if before.number is None or after.number != number or not number:
        return ""
    if "erasedups" in before.control:
        return ""
    if number == before.number + 1 and (before.is_alone or surely_there):
        return after.line
    drops_repeated = bool(before.control & {"ignoredups", "ignoreboth"})
    if number == before.number and drops_repeated and surely_there:
        return after.line
    return ""
