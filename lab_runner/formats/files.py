"""A lab file as bytes and as text, before anything is understood of it."""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from checks.errors import SpecError
from lab_runner.characters import harmless
from lab_runner.errors import LabBroken, UsageError
from lab_runner.formats.slugs import slug
from lab_runner.model import Problem, Source

LARGEST = 256 << 10
NAME = "lab.md"


@dataclass(frozen=True, slots=True)
class LabFile:
    """A file that was read; `path` is as messages show it, `folder` where it lies.

    `raw` is what was written, `text` the same with symbols for control characters.
    """

    path: str
    folder: Path
    lab_id: str
    digest: str
    raw: str
    text: str


def load(path: Path) -> LabFile:
    """Read a lab file, or the lab.md of a folder.

    Raises UsageError where there is none to read, LabBroken where it is not text.
    """
    file = path / NAME if path.is_dir() else path
    shown = as_shown(file)
    found = content(file)
    raw = decoded(found, shown)
    if not raw.strip():
        raise _broken(shown, 1, "the file is empty", "Write `# Title` and a `##` step")
    digest = hashlib.sha256(found).hexdigest()
    return LabFile(shown, file.parent, _id(file), digest, raw, harmless(raw))


def asset(folder: Path, name: str) -> str:
    """Return the text of a file in a lab's folder; raises SpecError.

    No name and no symlink leads out of the folder.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or ".." in Path(name).parts:
        raise SpecError(f"`{name}` leads out of this folder", "name a file inside it")
    try:
        found = _content(path, name)
        if len(found) > LARGEST:
            limit = f"keep it below {LARGEST >> 10} KiB"
            raise SpecError(f"`{name}` is too large", limit)
        return found.decode()
    except UsageError as error:
        raise SpecError(error.message, "name a text file in this folder") from None
    except UnicodeDecodeError:
        raise SpecError(f"`{name}` is not UTF-8", "name a file of text") from None


def content(file: Path) -> bytes:
    """Return what a file of a lab holds; raises UsageError, LabBroken if it is large."""
    shown = as_shown(file)
    found = _content(file, shown)
    if len(found) > LARGEST:
        raise _broken(
            shown, 1, f"the file is larger than {LARGEST >> 10} KiB", "Split the lab"
        )
    return found


def decoded(content: bytes, shown: str) -> str:
    """Return the text of a file with Unix line ends, without a byte order mark.

    Raises LabBroken with the line that is not UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", content[: error.start])) + 1
        raise _broken(
            shown, line, "this line is not UTF-8", "Save the file as UTF-8"
        ) from None
    return re.sub(r"\r\n?", "\n", text).rstrip("\n") + "\n"


def _content(file: Path, shown: str) -> bytes:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise UsageError(f"`{shown}` is not a file", "name a lab's Markdown file")
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except FileNotFoundError:
        if file.name == NAME and file.parent.is_dir():
            raise UsageError(
                f"there is no {NAME} in `{as_shown(file.parent)}`",
                "name a folder that holds one, or a Markdown file",
            ) from None
        raise UsageError(f"there is no file `{shown}`", "`labrun list`") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"`{shown}` cannot be read: {reason}") from None


def _broken(shown: str, line: int, message: str, advice: str) -> LabBroken:
    return LabBroken([Problem(Source(shown, line), message, advice)])


def _id(file: Path) -> str:
    if file.name == NAME:
        return harmless(file.resolve().parent.name) or "lab"
    return slug(file.stem) or "lab"


def as_shown(path: Path) -> str:
    """Return the path from the current folder where it lies below it."""
    here = Path.cwd()
    if path.is_absolute() and path.is_relative_to(here):
        path = path.relative_to(here)
    return harmless(str(path))
