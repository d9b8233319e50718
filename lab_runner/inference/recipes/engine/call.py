"""An engine that keeps containers, and a subcommand of its command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lab_runner.inference.model import Effects, Fact, Invocation
from lab_runner.inference.recipes.container_options import Asked


class Engine(Protocol):
    """The facts by which an engine's objects are seen; `state` may be a comparison."""

    def image(self, name: str) -> Fact: ...
    def no_image(self, name: str) -> Fact: ...
    def container(
        self, name: str, state: Any, made: Asked | None = None, /
    ) -> Fact: ...
    def no_container(self, name: str) -> Fact: ...
    def volume(self, name: str, **keys: Any) -> Fact: ...
    def no_volume(self, name: str) -> Fact: ...
    def network(self, name: str, **keys: Any) -> Fact: ...
    def no_network(self, name: str) -> Fact: ...
    def connected(self, network: str, container: str, /) -> tuple[Fact, ...]: ...
    def listening(self, made: Asked, /) -> tuple[Fact, ...]: ...
    def owns(self, known: Fact, noun: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Call:
    """A subcommand: the command it is of, the engine it speaks to, what follows it."""

    command: Invocation
    engine: Engine
    given: Sequence[str]


Handler = Callable[[Call], Effects]
