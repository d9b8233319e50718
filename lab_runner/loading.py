"""Labs of any format as they are taken: read, and kept for the next time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lab_runner.formats import cache
from lab_runner.model import Lab
from lab_runner.state import StateFolder

if TYPE_CHECKING:
    from lab_runner.formats.reading import Reading


def load(path: Path, seed: bytes, state: StateFolder) -> Lab:
    """Return a lab, from the learner's cache when it has been read before.

    `seed` is the learner's secret, from which the values of variables are made. Raises
    LabBroken and UsageError as the reader does; a cache that cannot be used is only
    slower.
    """
    kept = cache.find(path, seed, state)
    if kept:
        return kept
    reading = read(path, seed)
    cache.keep(reading, path, seed, state)
    return reading.lab


def read(path: Path, seed: bytes) -> Reading:
    """Read a lab anew, with everything that was noticed of it; raises as `load`.

    Steps without checks get those that their commands tell.
    """
    from lab_runner import inferring  # noqa: PLC0415  (what the cache saves)
    from lab_runner.formats import formats  # noqa: PLC0415  (as above)

    reading = formats.read(path, seed)
    return replace(reading, lab=inferring.complete(reading.lab))
