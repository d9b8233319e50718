"""What a task is called when its author gave it no name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from checks.nested import Nested
from checks.spec import subject_field
from lab_runner.characters import harmless, shorten

Titled = Callable[[Any], str]
"""From a check, whose fields are the keys of its kind, to a sentence about it."""

NOUNS = {
    "docker-image": "Docker image",
    "docker-container": "Docker container",
    "docker-network": "Docker network",
    "docker-volume": "Docker volume",
    "cri-container": "CRI container",
    "cri-image": "CRI image",
    "runc": "runc container",
    "oci-layout": "OCI layout",
    "mount": "File system",
    "sysctl": "Kernel parameter",
}


def title(kind: str, check: Any) -> str:
    """Return one sentence that says what is to be achieved, without a full stop."""
    titled = TITLES.get(kind, _present(kind))
    if kind not in ("port", "http", "event", "ran") and not getattr(
        check, "exists", True
    ):
        titled = _gone(kind)
    return shorten(harmless(" ".join(titled(check).split())), 160)


def _package(check: Any) -> str:
    version = f", version {check.version.describe()}" if check.version else ""
    return f"{_named('package', check)} is installed{version}"


def _file(check: Any) -> str:
    noun = {"directory": "Directory", "symlink": "Symbolic link"}.get(
        check.type, "File"
    )
    conditions = [
        f"{key} {value.describe()}"
        for key in ("mode", "owner", "group", "target")
        if (value := getattr(check, key)) is not None
    ]
    said = f" with {', '.join(conditions)}" if conditions else ""
    content = " and holds what it should" if check.content else ""
    return f"{noun} {_quote(check.file)} exists{said}{content}"


def _service(check: Any) -> str:
    words = {"true": ["active"], "false": ["stopped"], "any": []}[check.active]
    if check.enabled is not None:
        words.append("enabled" if check.enabled else "not enabled")
    return f"{_named('service', check)} is {' and '.join(words) or 'known'}"


def _user(check: Any) -> str:
    groups = " and ".join(map(_quote, check.groups or ()))
    said = f"is in group {groups}" if groups else "exists"
    return f"{_named('user', check)} {said}"


def _process(check: Any) -> str:
    if check.count is None:
        words = "is running"
    elif check.count.literal == "0":
        words = "is not running"
    else:
        words = f"runs {check.count.describe()} times"
    return f"{_named('process', check)} {words}"


def _port(check: Any) -> str:
    who = "Something" if check.exists else "Nothing"
    return f"{who} listens on {check.protocol} port {_quote(check.port)}"


def _shell(check: Any) -> str:
    if check.stdout or check.stderr:
        return f"{_quote(check.shell)} prints what it should"
    if check.exit.literal == "0":
        return f"{_quote(check.shell)} succeeds"
    return f"{_quote(check.shell)} ends with exit code {check.exit.describe()}"


def _value(check: Any) -> str:
    wanted = f"is {check.value.describe()}" if check.value else "is set"
    return f"{_named('sysctl', check)} {wanted}"


def _answers(check: Any) -> str:
    if not check.exists:
        return f"Nothing answers at {_quote(check.http)}"
    status = f" with {check.status.describe()}" if check.status else ""
    return f"{_quote(check.http)} answers{status}"


def _pod(check: Any) -> str:
    state = check.state.describe()
    return f"{_named('pod', check)} is {state}{_elsewhere(check, 'in')}"


def _ran(check: Any) -> str:
    words = "was run" if check.exists else "was not run"
    return f"Command {_quote(check.ran.describe())} {words}"


def _says(kind: str, words: str) -> Titled:
    return lambda check: f"{_named(kind, check)} {words}"


def _daemon(name: str, field: str) -> Titled:
    return lambda check: f"{name} is {getattr(check, field)}"


def _present(kind: str) -> Titled:
    return lambda check: f"{_named(kind, check)} exists{_elsewhere(check, 'in')}"


def _gone(kind: str) -> Titled:
    return lambda check: f"{_named(kind, check)} is gone{_elsewhere(check, 'from')}"


def _stored(kind: str) -> Titled:
    def titled(check: Any) -> str:
        if check.namespace is None:
            return f"{_named(kind, check)} is in containerd"
        return f"{_named(kind, check)} in namespace {_quote(check.namespace)}"

    return titled


def _happens(check: Any) -> str:
    word = "happens" if check.exists else "does not happen"
    return f"{_named('event', check)} {word}"


def _in_state(kind: str, field: str, ended: str) -> Titled:
    """Name the state asked for; without one, `exit` asks for one that has ended."""

    def titled(check: Any) -> str:
        asked = getattr(check, field)
        usual = ended if getattr(check, "exit", None) else "running"
        state = asked.describe() if asked else usual
        return f"{_named(kind, check)} is {state}{_elsewhere(check, 'in')}"

    return titled


def _inside(nested: Nested) -> str:
    return title(nested.kind, nested.check)


def _joined(word: str) -> Titled:
    return lambda check: word.join(map(_inside, check.checks))


TITLES: Mapping[str, Titled] = {
    "package": _package,
    "command": _says("command", "is on the PATH"),
    "file": _file,
    "service": _service,
    "process": _process,
    "port": _port,
    "user": _user,
    "group": _says("group", "exists"),
    "mount": _says("mount", "is mounted"),
    "sysctl": _value,
    "http": _answers,
    "shell": _shell,
    "dialogue": lambda check: f"{_quote(check.dialogue)} answers as it should",
    "ran": _ran,
    "containerd": _daemon("containerd", "containerd"),
    "image": _stored("image"),
    "container": _stored("container"),
    "task": _in_state("task", "status", "stopped"),
    "snapshot": _stored("snapshot"),
    "content": _stored("content"),
    "lease": _stored("lease"),
    "event": _happens,
    "cri": _daemon("CRI", "cri"),
    "pod": _pod,
    "cri-container": _in_state("cri-container", "state", "exited"),
    "cri-image": _says("cri-image", "is there"),
    "docker": _daemon("Docker", "docker"),
    "docker-image": _says("docker-image", "is there"),
    "docker-container": _in_state("docker-container", "state", "exited"),
    "bundle": _says("bundle", "can be run by an OCI runtime"),
    "oci-layout": _says("oci-layout", "has a whole image"),
    "runc": _in_state("runc", "status", "stopped"),
    "any": _joined(", or "),
    "all": _joined(", and "),
    "same": lambda check: f"One {check.same}: {', '.join(map(_inside, check.of))}",
    "not": lambda check: f"Not so: {_inside(check.check)}",
}


def _named(kind: str, check: Any) -> str:
    """Return `Package `containerd` or `containerd.io``."""
    subject = getattr(check, subject_field(type(check)))
    each = subject if isinstance(subject, tuple) else (subject,)
    noun = NOUNS.get(kind, kind.capitalize())
    return f"{noun} {' or '.join(_quote(name) for name in each)}"


def _quote(value: object) -> str:
    return f"`{shorten(str(value))}`"


def _elsewhere(check: Any, preposition: str) -> str:
    """Name the namespace of containerd where it is not the usual one."""
    if subject_field(type(check)) == "namespace":
        return ""
    namespace = getattr(check, "namespace", None)
    return (
        ""
        if namespace in (None, "default")
        else f" {preposition} namespace `{namespace}`"
    )
