"""Where labs and pages are, in a checkout and in an installed wheel alike."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from checks.words import did_you_mean
from lab_runner.errors import LabBroken, UsageError
from lab_runner.formats import toml_text
from lab_runner.formats.files import NAME, as_shown
from lab_runner.model import Problem, Source

COURSE = "course.toml"
SYSTEMS = ("debian-12", "ubuntu-24.04", "ubuntu-22.04")
PACKAGE = Path(__file__).parent
EXAMPLE = 'Write `labs = ["containerd-and-ctr"]`'


def labs_root() -> Path:
    """Return the folder of labs: `LABRUN_LABS`, else the one that was shipped."""
    chosen = os.environ.get("LABRUN_LABS")
    if not chosen:
        return _shipped("labs")
    if not Path(chosen).is_dir():
        raise UsageError(
            f"`{chosen}` is not a folder", "set LABRUN_LABS to a folder of labs"
        )
    return Path(chosen)


def find(root: Path) -> list[Path]:
    """Return the lab.md of every lab in `root`, those of course.toml first, in order.

    Raises LabBroken when course.toml is broken or names a lab that is not there.
    """
    labs = _labs(root)
    course = root / COURSE
    order = _order(course, labs) if course.is_file() else []
    return [labs[name] for name in dict.fromkeys([*order, *labs])]


def locate(wanted: str, root: Path | None = None) -> Path:
    """Return a lab's file by its id in `root`, else take what is wanted for a path.

    An id wins over a file of the same name; `./NAME` is always a path.
    """
    labs = _labs(root or labs_root())
    if wanted in labs:
        return labs[wanted]
    if wanted and _exists(Path(wanted)):
        return Path(wanted)
    raise UsageError(
        f"there is no lab `{wanted}`{did_you_mean(wanted, labs)}", "`labrun list`"
    )


def pages(root: Path | None = None) -> list[str]:
    """Return the names of all pages that can be read, such as `concepts/shim`."""
    return list(_pages(root or _shipped("content")))


def page(name: str, root: Path | None = None) -> str:
    """Return the Markdown of a page, by its name, the end of it, or a link to it.

    Of several names with this end, one that is shorter than the others wins.
    """
    found = _pages(root or _shipped("content"))
    wanted = _page_name(name)
    ending = [each for each in found if each.endswith(f"/{wanted}")]
    shortest = min((each.count("/") for each in ending), default=0)
    matching = [each for each in ending if each.count("/") == shortest]
    if wanted not in found and len(matching) == 1:
        wanted = matching[0]
    if wanted not in found:
        raise UsageError(
            f"there is no page `{name}`{did_you_mean(wanted, found)}", "`labrun read`"
        )
    return found[wanted].read_text(encoding="utf-8")


def template() -> str:
    """Return the Markdown that a new lab begins with; TITLE and ID are to be filled in."""
    path = _shipped("content") / "templates" / "lab.markdown"  # .md are pages to read
    return path.read_text(encoding="utf-8")


def definitions() -> dict[str, Path]:
    """Return the files that define images of machines, by name.

    They are shipped with labrun, or in the folder `machines` beside the labs.
    """
    folders = (_shipped("content") / "machines", labs_root() / "machines")
    found = (path for each in folders for path in sorted(each.glob("*.toml")))
    return {path.stem: path for path in found}


def _shipped(name: str) -> Path:
    """Return a folder of the wheel, or in a checkout the one beside the package."""
    packed = PACKAGE / "data" / name
    return packed if packed.is_dir() else PACKAGE.parent / name


def _labs(root: Path) -> dict[str, Path]:
    return {path.parent.name: path for path in sorted(root.glob(f"*/{NAME}"))}


def _pages(root: Path) -> dict[str, Path]:
    """Return all pages by name; links that lead out of the folder are none."""
    home = root.resolve()
    inside = (p for p in sorted(root.rglob("*.md")) if p.resolve().is_relative_to(home))
    return {p.relative_to(root).with_suffix("").as_posix(): p for p in inside}


def _page_name(link: str) -> str:
    """Turn `../../content/concepts/shim.md#pid` into `concepts/shim`."""
    path = link.partition("#")[0].rpartition("content/")[2].removesuffix(".md")
    steps = (each for each in PurePosixPath(path).parts if each not in ("..", "/"))
    return "/".join(steps)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _order(course: Path, labs: Collection[str]) -> list[str]:
    text = course.read_text(encoding="utf-8", errors="replace")
    order = toml_text.parse(text, as_shown(course), EXAMPLE).get("labs")
    if not isinstance(order, list) or not all(isinstance(n, str) for n in order):
        raise _broken(course, text, "", "`labs` is not a list of ids", EXAMPLE)
    for name in order:
        if name not in labs:
            guess = did_you_mean(name, labs)
            message = f"there is no lab `{name}` in this folder{guess}"
            raise _broken(
                course,
                text,
                name,
                message,
                f"Write it, as `{name}/{NAME}`, or leave it out",
            )
    return order


def _broken(course: Path, text: str, name: str, message: str, advice: str) -> LabBroken:
    """Place a fault where the name first stands in course.toml."""
    before = text[: max(text.find(f'"{name}"'), 0)]
    source = Source(as_shown(course), before.count("\n") + 1)
    return LabBroken([Problem(source, message, advice)])
