"""What clicks do in the editor, as commands that leave the same in the files.

Only what is certain: texts are searched as they are, where the editor's patterns are
those of JavaScript.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping

from lab_runner.formats.educates.action import Action
from lab_runner.formats.foreign.scripts import end_word

HOME = re.compile(r"(?:~|\$HOME|\$\{HOME\}|/home/eduk8s)/(.*)", re.DOTALL)
SPECIAL = re.compile(r"[\\/.*\[\]^$]")
REPLACED = re.compile(r"[\\/&]")
LOOKING = ("open-file", "close-file", "yaml-select-path")
SELECTING = ("select-matching-text", "select-lines-in-range")
UNCERTAIN = ("isRegex", "group", "start", "stop", "before", "after")


class Editor:
    """Tells the commands of actions; remembers what an action before has selected."""

    def __init__(self) -> None:
        self._selected: Action | None = None

    def command(self, action: Action) -> str:
        """Return the command that does what an action does; empty where none surely does."""
        if action.verb in SELECTING:
            self._selected = action
        if action.verb == "replace-text-selection":
            return self._replace_selection(action)
        make = COMMANDS.get(action.verb)
        keys = ("src", "dest") if action.verb in MOVING else ("file",)
        return make(action) if make and all(map(action.text, keys)) else ""

    def _replace_selection(self, action: Action) -> str:
        before, self._selected = self._selected, None
        is_same = before and before.text("file") == action.text("file")
        if not (before and is_same and before.verb == "select-matching-text"):
            return ""
        values = {
            **before.values,
            "match": before.text("text"),
            "replacement": action.text("text"),
        }
        return _replace(Action("editor", action.verb, values, action.source))


def word(path: str) -> str:
    """Return a path as a shell reads it; relative ones begin in the learner's home."""
    home = HOME.fullmatch(path)
    if path.startswith("/") and not home:
        return shlex.quote(path)
    return f"~/{shlex.quote(home[1] if home else path)}"


def _file(action: Action) -> str:
    return word(action.text("file"))


def _fed(command: str, text: str) -> str:
    end = end_word(text, "EOF")
    return f"{command} <<'{end}'\n{text}\n{end}"


def _create(action: Action) -> str:
    return _written(action, ">")


def _append(action: Action) -> str:
    return _written(action, ">>")


def _written(action: Action, redirection: str) -> str:
    path = action.text("file")
    folder = path.rpartition("/")[0]
    made = f"mkdir -p {word(folder)}\n" if folder.strip("~") else ""
    return made + _fed(f"cat {redirection}{word(path)}", action.text("text"))


def _insert_before(action: Action) -> str:
    return _insert(action, "e cat")


def _insert_after(action: Action) -> str:
    return _insert(action, "r /dev/stdin")


def _insert(action: Action, order: str) -> str:
    line = _number(action, "line")
    command = f"sed -i '{line}{order}' {_file(action)}"
    return _fed(command, action.text("text")) if line else ""


def _append_after_match(action: Action) -> str:
    match = _literal(action, "match")
    order = f"0,/{match}/{{//r /dev/stdin\n}}"
    command = f"sed -i {shlex.quote(order)} {_file(action)}"
    return _fed(command, action.text("text")) if match else ""


def _delete_lines(action: Action) -> str:
    lines = _range(action)
    return f"sed -i '{lines}d' {_file(action)}" if lines else ""


def _replace_lines(action: Action) -> str:
    lines, first = _range(action), _number(action, "start")
    orders = f"-e '{first}r /dev/stdin' -e '{lines}d'"
    command = f"sed -i {orders} {_file(action)}"
    return _fed(command, action.text("text")) if lines else ""


def _delete_match(action: Action) -> str:
    match = _literal(action, "match")
    if not match or action.text("count") not in ("", "1"):
        return ""
    return f"sed -i {shlex.quote(f'0,/{match}/{{//d}}')} {_file(action)}"


def _replace(action: Action) -> str:
    match, count = _literal(action, "match"), action.text("count") or "1"
    replacement = action.text("replacement")
    if not match or "\n" in replacement or count not in ("1", "-1"):
        return ""
    new = REPLACED.sub(r"\\\g<0>", replacement)
    order = f"s/{match}/{new}/g" if count == "-1" else f"0,/{match}/s//{new}/"
    return f"sed -i {shlex.quote(order)} {_file(action)}"


def _copy(action: Action) -> str:
    return f"cp {word(action.text('src'))} {word(action.text('dest'))}"


def _rename(action: Action) -> str:
    return f"mv {word(action.text('src'))} {word(action.text('dest'))}"


def _delete(action: Action) -> str:
    return f"rm {_file(action)}"


def _literal(action: Action, key: str) -> str:
    """Return a text to search as a pattern of sed; empty where it may mean another."""
    text = action.text(key)
    is_uncertain = any(action.values.get(each) for each in UNCERTAIN)
    return "" if is_uncertain or "\n" in text else SPECIAL.sub(r"\\\g<0>", text)


def _number(action: Action, key: str) -> int:
    """Return the number of a line; 0 where there is none."""
    found = action.text(key)
    return int(found) if re.fullmatch(r"\d{1,7}", found, re.ASCII) else 0


def _range(action: Action) -> str:
    first, last = _number(action, "start"), _number(action, "stop")
    is_sound = first and (last >= first or not action.text("stop"))
    return f"{first},{last or first}" if is_sound else ""


MOVING: Mapping[str, Callable[[Action], str]] = {
    "copy-file": _copy,
    "rename-file": _rename,
}
COMMANDS: Mapping[str, Callable[[Action], str]] = {
    **MOVING,
    "create-file": _create,
    "append-lines-to-file": _append,
    "insert-lines-before-line": _insert_before,
    "insert-lines-after-line": _insert_after,
    "append-lines-after-match": _append_after_match,
    "delete-lines-in-range": _delete_lines,
    "replace-lines-in-range": _replace_lines,
    "delete-matching-lines": _delete_match,
    "replace-matching-text": _replace,
    "delete-file": _delete,
}
