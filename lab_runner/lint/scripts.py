"""Rules about checks that are shell scripts: what makes them pass for no reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lab_runner.lint.statements import Words, pipelines, statements
from lab_runner.lint.subject import Finding, Subject
from lab_runner.model import Task

HISTORY = re.compile(
    r"\.(?:bash|zsh)_history|\bHISTFILE\b|^\s*history\b|\|\s*history\b"
)
SIMILARITY = re.compile(
    r"\b(?:agrep|difflib|fuzz(?:y\w*)?|levenshtein|jaro\w*)\b", re.IGNORECASE
)
STRICT = re.compile(r"^\s*set\s+-\w*e|set\s+-o\s+errexit", re.MULTILINE)
JUDGED = re.compile(r"\$\?|\bexit\s+[1-9$]|\breturn\s+[1-9$]|\bfalse\b")
JUDGES = {"exit", "stdout", "stderr"}
SAYS = {"echo", "printf", "true", ":", "sleep", "set", "export", "cd"}
TESTS = {"[", "[[", "test", "grep", "egrep", "diff", "cmp", "stat"}
BLOCKS = {"if", "elif", "while", "until", "for", "case", "function"}
FILTERS = {"grep", "egrep", "wc", "awk", "cut", "head", "tail", "sed"}
LISTS = {"ls", "list", "ps", "images", "status", "info", "get"}
TOOLS = {
    "ctr": "the kinds `image`, `container`, `task` and `snapshot`",
    "crictl": "the kinds `pod`, `cri-container` and `cri-image`",
    "docker": "the kinds `docker-container`, `docker-image` and their like",
    "nerdctl": "the kinds `image`, `container` and `task`",
    "podman": "`podman inspect --format`, which prints one exact value",
    "runc": "the kind `runc`",
    "systemctl": "the kind `service`",
    "ps": "the kind `process`",
    "ss": "the kind `port`",
    "netstat": "the kind `port`",
    "dpkg": "the kind `package`",
    "mount": "the kind `mount`",
}
FOR_PROGRAMS = ("-q", "--quiet", "--format", "-o", "--output", "--no-legend", "-p")


def cannot_fail(subject: Subject) -> Iterator[Finding]:
    for task in _scripts(subject):
        if not JUDGED.search(_script(task)) and _always_passes(_script(task)):
            yield Finding(
                task.source,
                "this script ends with exit code 0 whatever it finds",
                "Let its last command be the one that tells",
            )


def human_output(subject: Subject) -> Iterator[Finding]:
    """Find what is read from a table that was made for people."""
    for task in _scripts(subject):
        for statement in statements(_script(task)):
            for first, *filters in filter(None, pipelines(statement)):
                advice = _better(first)
                if advice and any(f[0] in FILTERS for f in filters):
                    yield Finding(
                        task.source,
                        f"this looks for words in what `{first[0]}` prints for people",
                        f"Use {advice}",
                    )


def last_status_only(subject: Subject) -> Iterator[Finding]:
    for task in _scripts(subject):
        script = _script(task)
        if STRICT.search(script) or JUDGED.search(script):
            continue
        found = statements(script)
        if any(BLOCKS & set(statement) for statement in found):
            continue
        ignored = [s for s in found[:-1] if s[0] in TESTS and "||" not in s]
        if ignored:
            yield Finding(
                task.source,
                f"what `{' '.join(ignored[0])}` finds is forgotten: "
                "only the last command of a script decides",
                "Begin the script with `set -e`, or join its tests by `&&`",
            )


def shell_history(subject: Subject) -> Iterator[Finding]:
    for task in _scripts(subject):
        if HISTORY.search(_script(task)):
            yield Finding(
                task.source,
                "this reads the history of a shell that may not have written it yet",
                "Use the kind `ran`, or check what the command has changed",
            )


def similarity(subject: Subject) -> Iterator[Finding]:
    for task in _scripts(subject):
        found = SIMILARITY.search(_script(task))
        if found:
            yield Finding(
                task.source,
                f"`{found[0]}` compares by similarity, which lets wrong answers pass",
                "Compare by equality, `contains` or `matches`",
            )


def _scripts(subject: Subject) -> Iterator[Task]:
    """Yield the checks that a script's exit code decides."""
    for step in subject.lab.steps:
        for task in step.tasks:
            if task.kind == "shell" and not JUDGES & task.spec.keys():
                yield task


def _script(task: Task) -> str:
    return str(task.spec["shell"])


def _always_passes(script: str) -> bool:
    found = statements(script)
    if not found:
        return True
    last = found[-1]
    return (
        last in (["exit", "0"], ["exit"])
        or last[-2:] in (["||", "true"], ["||", ":"])
        or ("||" not in last and "&&" not in last and last[0] in SAYS)
    )


def _better(command: Words) -> str:
    """Return what to use in place of a listing; empty where programs may read it."""
    tool, *rest = command
    if tool not in TOOLS or any(w.startswith(FOR_PROGRAMS) for w in rest):
        return ""
    lists = tool in ("ps", "ss", "netstat", "mount", "dpkg") or LISTS & set(rest)
    return TOOLS[tool] if lists else ""
