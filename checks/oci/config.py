"""config.json of an OCI bundle: the fields of the runtime specification that matter."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

T = TypeVar("T")
Namespace = Literal["pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"]
SEMVER = re.compile(r"\d+\.\d+\.\d+(?:[-+].+)?")
WORDS = {str: "a text", bool: "true or false", list: "a list", dict: "an object"}


class Invalid(ValueError):
    """It is not a valid runtime config; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Config:
    """A runtime config; `root` is as written, relative to the bundle or absolute."""

    args: tuple[str, ...]
    root: str
    hostname: str
    terminal: bool
    readonly: bool
    namespaces: tuple[str, ...]


def parse(data: bytes) -> Config:
    """Decode config.json, https://github.com/opencontainers/runtime-spec; or Invalid."""
    config = _object(data)
    _require(config, "ociVersion", SEMVER, "a version such as 1.0.2")
    _require(config, "process.cwd", re.compile("/.*", re.DOTALL), "an absolute path")
    return Config(
        args=_args(_field(config, "process.args", list)),
        root=_require(config, "root.path", re.compile(".+", re.DOTALL), "a path"),
        hostname=_field(config, "hostname", str, ""),
        terminal=_field(config, "process.terminal", bool, False),
        readonly=_field(config, "root.readonly", bool, False),
        namespaces=_namespaces(_field(config, "linux.namespaces", list, [])),
    )


def _object(data: bytes) -> dict[str, Any]:
    try:
        config = json.loads(data)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Invalid(f"{where}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise Invalid(f"not JSON: {error}") from None
    if not isinstance(config, dict):
        raise Invalid("not a JSON object")
    return config


def _field(
    config: dict[str, Any], path: str, kind: type[T], default: T | None = None
) -> T:
    """Return the value at a dotted path; `default` where it is left out."""
    value: Any = config
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None and default is not None:
        return default
    if value is None:
        raise Invalid(f"`{path}` is missing")
    if not isinstance(value, kind):
        raise Invalid(f"`{path}` is not {WORDS[kind]}")
    return value


def _require(
    config: dict[str, Any], path: str, pattern: re.Pattern[str], wanted: str
) -> str:
    text = _field(config, path, str)
    if not pattern.fullmatch(text):
        raise Invalid(f"`{path}` is `{text[:80]}`, not {wanted}")
    return text


def _args(listed: list[Any]) -> tuple[str, ...]:
    if not listed or not all(isinstance(each, str) for each in listed):
        raise Invalid("`process.args` is not a list of one or more texts")
    return tuple(listed)


def _namespaces(listed: list[Any]) -> tuple[str, ...]:
    names = tuple(_field(each, "type", str) for each in listed)
    for name in names:
        if name not in get_args(Namespace):
            raise Invalid(f"`linux.namespaces` has the unknown type `{name[:80]}`")
    return names
