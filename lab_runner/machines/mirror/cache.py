"""What machines are given: what the store has, else what the registries have, kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import transfer
from lab_runner.machines.mirror.flight import Blob, Flight, Landed
from lab_runner.machines.mirror.references import Reference
from lab_runner.machines.mirror.store import Entry, Store
from lab_runner.machines.mirror.transfer import Source
from lab_runner.machines.mirror.turns import Turns

# How long a tag means what it meant when its registry was asked, in seconds.
FRESH = 300.0


class Cache:
    """A store that fetches what it lacks; what many ask for at once is fetched once.

    `sources` are the registries by name.
    """

    def __init__(self, store: Store, sources: Mapping[str, Source]) -> None:
        self._store = store
        self._sources = sources
        self._turns = Turns()
        self._guard = threading.Lock()
        self._flights: dict[str, Flight] = {}
        self._asked: dict[Reference, float] = {}

    def manifest(self, image: Reference) -> tuple[str, bytes]:
        """Return the digest and the manifest of an image; raises MachineError."""
        with self._turns.of(str(image)):
            digest = image.digest or self._digest(image)
            return digest, self._store.read(digest) or self._fetched(image, digest)

    def blob(self, image: Reference) -> Blob:
        """Return a blob that is here or on its way."""
        with self._guard:
            if path := self._store.blob(image.digest):
                return Landed(path)
            if image.digest not in self._flights:
                flight = Flight(image, self._sources[image.registry], self._store)
                self._flights[image.digest] = flight
                threading.Thread(target=self._fly, args=(image.digest,)).start()
            return self._flights[image.digest]

    def _fly(self, digest: str) -> None:
        self._flights[digest].run()
        with self._guard:
            del self._flights[digest]

    def _digest(self, image: Reference) -> str:
        """Return what a tag stands for, by its registry if it has to be asked."""
        entry = self._store.entry(image)
        here = entry.digest if entry and self._store.blob(entry.digest) else ""
        if entry and here and (entry.is_pinned or self._is_fresh(image)):
            return here
        try:
            digest = self._sources[image.registry].digest(image.repository, image.tag)
            if digest != here:
                self._fetched(image, digest)
        except MachineError:
            if not here:
                raise
            return here
        self._asked[image] = time.monotonic()
        return digest

    def _is_fresh(self, image: Reference) -> bool:
        asked = self._asked.get(image, float("-inf"))
        return time.monotonic() - asked < FRESH

    def _fetched(self, image: Reference, digest: str) -> bytes:
        """Fetch a manifest, and name it by what was asked for unless a name leads to it."""
        source = self._sources[image.registry]
        data = transfer.manifest(source, self._store, image, digest)
        if image.tag or digest not in self._store.used():
            self._store.name(image, Entry(digest, time.time(), "pulled"))
        return data
