"""git: repositories that are made or cloned, and how git is configured."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Sequence

from lab_runner.inference import options
from lab_runner.inference.model import (
    Effects,
    Fact,
    Invocation,
    below,
    change,
    fact,
    interactive,
    look,
    unknown,
)

GLOBAL = ("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path")
LOOKS = options.listed(
    """
    blame cat-file describe diff fetch grep help log ls-files ls-remote ls-tree
    name-rev reflog rev-list rev-parse shortlog show show-ref status version whatchanged
    """
)
KEEPS = options.listed("add bisect bundle commit gc notes prune push submodule")
UNTOLD = "what a repository holds is not told by a fact"
CLONED = options.listed(
    """
    -b -c -j -o -u --branch --config --depth --filter --jobs --origin --recurse-submodules
    --reference --separate-git-dir --server-option --shallow-exclude --shallow-since
    --template --upload-pack
    """
)


def recipe(command: Invocation) -> Effects:
    given = options.parse(command.arguments, GLOBAL, limit=1)
    folder = command.path(given.value("-C") or ".")
    verb, *rest = given.words or ("",)
    if verb in HANDLERS:
        return HANDLERS[verb](command, folder, rest)
    if verb in LOOKS or not verb:
        return look()
    return _untold(folder, verb)


def _untold(folder: str, verb: str) -> Effects:
    """Tell nothing; what changes files makes those below the folder uncertain."""
    forgets = None if verb in KEEPS else below(folder)
    return Effects("unknown", forgets=forgets, why=UNTOLD)


def _init(_: Invocation, folder: str, given: Sequence[str]) -> Effects:
    valued = ["-b", "--initial-branch", "--template", "--object-format"]
    arguments = options.parse(given, valued)
    path = posixpath.join(folder, *arguments.words[:1])
    return change(_repository(path, is_bare=arguments.has("--bare")))


def _clone(_: Invocation, folder: str, given: Sequence[str]) -> Effects:
    arguments = options.parse(given, CLONED - {"--recurse-submodules"})
    if not arguments.words:
        return unknown("it is not said what is cloned")
    is_bare = arguments.has("--bare", "--mirror")
    source, *named = arguments.words
    name = posixpath.basename(source.rstrip("/").replace(":", "/"))
    name = name.removesuffix(".git") + (".git" if is_bare else "")
    return change(_repository(posixpath.join(folder, (named or [name])[0]), is_bare))


def _repository(folder: str, is_bare: bool) -> Fact:
    path = posixpath.normpath(
        posixpath.join(folder, "HEAD" if is_bare else ".git/HEAD")
    )
    return fact("file", path, type="file")


def _config(command: Invocation, folder: str, given: Sequence[str]) -> Effects:
    valued = ["-f", "--file", "--type", "--default", "--get", "--unset", "--get-all"]
    arguments = options.parse(given, valued)
    if arguments.has("-e", "--edit"):
        return interactive("it opens an editor")
    place = _place(command, folder, arguments)
    if removed := arguments.value("--unset"):
        return change(_setting(place, removed, None))
    match arguments.words:
        case (key, value) if "." in key:
            return change(_setting(place, key, value))
    return look()


def _place(
    command: Invocation, folder: str, given: options.Arguments
) -> tuple[str, ...]:
    """Return the words by which git reads the same file of settings."""
    if given.has("--global"):
        return ("git", "config", "--file", posixpath.join(command.home, ".gitconfig"))
    if given.has("--system"):
        return ("git", "config", "--system")
    if file := given.value("-f", "--file"):
        return ("git", "config", "--file", command.path(file))
    return ("git", "-C", folder, "config", "--local")


def _setting(place: tuple[str, ...], key: str, value: str | None) -> Fact:
    line = shlex.join([*place, "--get", key])
    if value is None:
        return fact("shell", line, exit=1)
    return fact("shell", line, exit=0, stdout=value)


def _listed(_: Invocation, _folder: str, given: Sequence[str]) -> Effects:
    """Read what lists without words: branch, remote and tag."""
    words = options.parse(given).words
    if not words or words[0] in ("list", "show", "get-url"):
        return look()
    return unknown(UNTOLD)


def _stash(_: Invocation, folder: str, given: Sequence[str]) -> Effects:
    return look() if given[:1] in (["list"], ["show"]) else _untold(folder, "stash")


Handler = Callable[[Invocation, str, Sequence[str]], Effects]
HANDLERS: dict[str, Handler] = {
    "init": _init,
    "clone": _clone,
    "config": _config,
    "branch": _listed,
    "remote": _listed,
    "tag": _listed,
    "stash": _stash,
}
