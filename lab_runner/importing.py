"""Labs of other systems written out as native ones, into a folder of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lab_runner.errors import LabBroken, LabrunError, UsageError
from lab_runner.formats import formats
from lab_runner.formats.files import NAME, as_shown
from lab_runner.formats.reading import Counts
from lab_runner.formats.slugs import Ids, slug
from lab_runner.model import Lab, Problem, Source

SEED = b"import"
Told = Callable[[int, int], None]
"""Hears how many labs have been read, of how many."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One lab that was read; without a `lab` it was too broken to be written.

    `id` is its folder's name below `labs`, `path` where it was read from.
    """

    id: str
    path: str
    problems: tuple[Problem, ...]
    lab: Lab | None = None
    counts: Counts = field(default_factory=Counts)


def run(source: Path, out: Path, told: Told) -> list[Imported]:
    """Write every lab below `source` to `out`/labs; all of it appears at once.

    Raises UsageError where there is no lab, and where `out` is not free.
    """
    paths = _labs(source)
    with _folder(out) as folder:
        ids, imported = Ids(), []
        for number, path in enumerate(paths, 1):
            lab_id = ids.unique(_name(path))
            imported.append(_import(path, lab_id, folder / "labs" / lab_id))
            told(number, len(paths))
        _write_order(folder / "labs", imported)
    return imported


def _labs(source: Path) -> list[Path]:
    if not source.exists():
        raise UsageError(f"there is no `{as_shown(source)}`", "name a folder of labs")
    single = not source.is_dir() or any(f.claims(source) for f in formats.STRUCTURED)
    found = [source] if single else formats.labs(source)
    if not found:
        raise UsageError(f"there is no lab in `{as_shown(source)}`", "name another")
    return found


def _name(path: Path) -> str:
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    return slug(folder.name) or "lab"


def _import(path: Path, lab_id: str, folder: Path) -> Imported:
    """Read a lab and write it; what is wrong with one lab stops no other."""
    shown = as_shown(path)
    try:
        reading = formats.read(path, SEED)
    except LabBroken as error:
        return Imported(lab_id, shown, error.problems)
    except LabrunError as error:
        return Imported(lab_id, shown, (_unread(shown, error),))
    if not reading.native:
        return Imported(lab_id, shown, (_unread(shown, _NATIVE),))
    folder.mkdir(parents=True)
    (folder / NAME).write_text(reading.native, encoding="utf-8", newline="")
    for name, content in sorted(reading.lab.assets.items()):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8", newline="")
    return Imported(lab_id, shown, reading.problems, reading.lab, reading.counts)


_NATIVE = UsageError("this is no lab of another system", "start it as it is")


def _unread(shown: str, error: LabrunError) -> Problem:
    return Problem(Source(shown, 1), error.message, error.remedy)


def _write_order(labs: Path, imported: Sequence[Imported]) -> None:
    names = [f'  "{each.id}",\n' for each in imported if each.lab]
    labs.mkdir(exist_ok=True)
    text = f"labs = [\n{''.join(names)}]\n"
    (labs / "course.toml").write_text(text, encoding="utf-8")


@contextmanager
def _folder(out: Path) -> Iterator[Path]:
    """Make a folder that becomes `out` once it is whole, and is gone otherwise."""
    if out.is_symlink() or (out.exists() and not _is_empty(out)):
        raise UsageError(
            f"`{as_shown(out)}` is there and not an empty folder", "name a new folder"
        )
    aside = out.absolute().with_name(f".{out.absolute().name}.labrun-import")
    shutil.rmtree(aside, ignore_errors=True)  # of one that was killed
    try:
        aside.mkdir(parents=True)
        yield aside
        aside.replace(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
