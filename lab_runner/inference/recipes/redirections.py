"""`>` and `>>`: files that a command's output goes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lab_runner.inference import printed
from lab_runner.inference.model import Effects, Fact, Invocation, fact
from lab_runner.inference.recipes import sysctl

PLACES = ("/dev/", "/proc/", "/sys/")
LARGEST = 4000


def added(effects: Effects, command: Invocation) -> Effects:
    """Add to what a command does the files that it writes."""
    files = tuple(_files(command))
    if not files or effects.kind in ("interactive", "placeholder"):
        return effects
    why = "" if effects.kind == "look" else effects.why
    own = () if effects.kind == "look" else effects.facts
    replaced = {each.identity for each in files if not _adds(each)}
    written_too = replace(effects, kind="change", facts=(*own, *files), why=why)
    return written_too.forgetting(lambda known: known.identity in replaced)


def _adds(file: Fact) -> bool:
    """Tell whether what was known of a file's text is still so beside this."""
    return isinstance(file.spec.get("content"), dict)


def _files(command: Invocation) -> Iterator[Fact]:
    for each in command.redirects:
        if ">" not in each.operator or each.target.isdigit():
            continue
        is_output = each.descriptor in ("", "1")
        text = printed.text(command) if is_output else None
        is_added = ">>" in each.operator
        if found := file(command.path(each.target), text, is_added=is_added):
            yield found


def file(path: str, text: str | None, *, is_added: bool) -> Fact | None:
    """Return what is true once this was written, or None for a device and the like."""
    if path.startswith(PLACES):
        return sysctl.written(path, text)
    return written(path, text, is_added=is_added)


def written(path: str, text: str | None, *, is_added: bool) -> Fact:
    """Return the fact that a file has this text, or has it somewhere, if known."""
    if text == "" and not is_added:
        return fact("file", path, type="file", size=0)
    if text is None or len(text) > LARGEST or not text.strip():
        return fact("file", path, type="file")
    held = text.removesuffix("\n")
    content = {"contains": held} if is_added else held
    return fact("file", path, type="file", content=content)
