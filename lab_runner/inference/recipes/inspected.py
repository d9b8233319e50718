"""Objects of an engine that only its own command can look up by their names."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

from lab_runner.inference.model import Fact, fact
from lab_runner.inference.recipes.container_options import Asked

STATE = ("container", "inspect", "--format", "{{.State.Status}}")


@dataclass(frozen=True, slots=True)
class Inspected:
    """Objects seen through `inspect` of `command`, which ends with `missing` if absent.

    `user` is whose objects they are where it is not root.
    """

    command: tuple[str, ...]
    missing: int
    user: str | None = None

    def image(self, name: str) -> Fact:
        return self._shown("image", "inspect", name)

    def no_image(self, name: str) -> Fact:
        return self._absent("image", "inspect", name)

    def container(self, name: str, state: Any, _made: Asked | None = None) -> Fact:
        return self._shown(*STATE, name, stdout=state)

    def no_container(self, name: str) -> Fact:
        return self._absent(*STATE, name)

    def volume(self, name: str, **_keys: Any) -> Fact:
        return self._shown("volume", "inspect", name)

    def no_volume(self, name: str) -> Fact:
        return self._absent("volume", "inspect", name)

    def network(self, name: str, **_keys: Any) -> Fact:
        return self._shown("network", "inspect", name)

    def no_network(self, name: str) -> Fact:
        return self._absent("network", "inspect", name)

    def connected(self, _network: str, _container: str) -> tuple[Fact, ...]:
        return ()

    def listening(self, _made: Asked) -> tuple[Fact, ...]:
        return ()  # ports may be led on by the firewall, where nothing listens

    def owns(self, known: Fact, noun: str) -> bool:
        return known.kind == "shell" and known.subject.startswith(
            shlex.join([*self.command, noun, "inspect"])
        )

    def _shown(self, *words: str, **keys: Any) -> Fact:
        line = shlex.join([*self.command, *words])
        return fact("shell", line, **keys, user=self.user)

    def _absent(self, *words: str) -> Fact:
        return self._shown(*words, exit=self.missing)
