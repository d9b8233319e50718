"""Answers compared by value: the forms that one value can be written in.

What the right answer looks like decides which form it has, and with that what counts as
the same: `1 GiB` and 1073741824, `::1` and `0:0:0:0:0:0:0:1`. Nothing is the same for
being similar.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from operator import eq
from typing import Any

from checks.matchers import as_text

SHORTEST_DIGEST = 12
BOOLEANS = {
    **dict.fromkeys(("true", "yes", "y", "on"), True),
    **dict.fromkeys(("false", "no", "n", "off"), False),
}
HEX = re.compile(r"0x[0-9a-f]{1,32}", re.ASCII | re.IGNORECASE)
NUMBER = re.compile(
    r"[+-]?\d{1,40}(\.\d{1,40})?(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE
)
GROUPED = re.compile(r"[+-]?\d{1,3}([,_' ]\d{3})+(\.\d+)?", re.ASCII)
SIZE = re.compile(r"(.*\d) ?(b|bytes?|[kmgtp](?:i?b)?)", re.ASCII | re.IGNORECASE)
VERSION = re.compile(r"(\d+:)?v?\d+(\.\d+)+([-+~]\S+)?", re.ASCII | re.IGNORECASE)
# What a distribution adds to the version that the authors of the software gave it.
EPOCH, REVISION = re.compile(r"^\d+:"), re.compile(r"-\d[^-]*$")
REPACKED = re.compile(r"[+~](ds|dfsg|repack)[\d.]*$")
BUILD = re.compile(r"\+[^+]*$")
DIGEST = re.compile(r"(?:(sha\d{3}):)?([0-9a-f]{64,128})", re.ASCII | re.IGNORECASE)
SHORT = re.compile(r"(?:(sha\d{3}):)?([0-9a-f]{1,128})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of values: how it is called, recognised, read and compared.

    `is_right` recognises a right answer, `read` returns the value of an answer or None.
    `detail` says how to write one, `other` what there is to say of another value.
    """

    noun: str
    is_right: Callable[[str], bool]
    read: Callable[[str], Any]
    agree: Callable[[Any, Any], bool] = eq
    detail: str = ""
    other: str = ""


def is_same(given: str, right: Any) -> bool:
    """Tell whether an answer has the value of a right one; of a list any entry will do."""
    if isinstance(right, list | tuple):
        return any(is_same(given, each) for each in right)
    form, text = form_of(right), plain(as_text(right))
    value = form.read(plain(given))
    return value is not None and form.agree(value, form.read(text))


def why_not(given: str, right: Any) -> str:
    """Return one sentence about a wrong answer that does not give the right one away."""
    one = right[0] if isinstance(right, list | tuple) and right else right
    form = form_of(one)
    if form.read(plain(given)) is None:
        return f"The answer is {form.noun}{form.detail}."
    return form.other or f"That is {form.noun}, but not the one that is asked for."


def form_of(right: Any) -> Form:
    """Return the form of a right answer, as a fact or as an author wrote it."""
    if isinstance(right, bool):
        return BOOLEAN
    if isinstance(right, int | float):
        return QUANTITY
    text = plain(as_text(right))
    return next((form for form in FORMS if form.is_right(text)), TEXT)


def plain(text: str) -> str:
    """Take away what is decoration in an answer: space, quotes, backticks."""
    return " ".join(text.split()).strip("`'\"").strip()


def _boolean(text: str) -> bool | None:
    return BOOLEANS.get(text.casefold())


def _quantity(text: str) -> Fraction | None:
    """Read a number, or a size in bytes: `KB` is 1000 of them, `K` and `KiB` 1024."""
    if (number := _number(text)) is not None:
        return number
    sized = SIZE.fullmatch(text)
    number = _number(sized[1].strip()) if sized else None
    return None if number is None or sized is None else number * _bytes(sized[2])


def _number(text: str) -> Fraction | None:
    if HEX.fullmatch(text):
        return Fraction(int(text, 16))
    if GROUPED.fullmatch(text):
        text = re.sub("[,_' ]", "", text)
    return Fraction(text) if NUMBER.fullmatch(text) else None


def _bytes(unit: str) -> int:
    unit = unit.casefold()
    power = "bkmgtp".index(unit[0])
    return int((1000 if unit in ("kb", "mb", "gb", "tb", "pb") else 1024) ** power)


def _spellings(text: str) -> frozenset[str]:
    """Return a version as it is, and without what a distribution added to it."""
    full = text.casefold()
    plain_epoch = EPOCH.sub("", full).removeprefix("v")
    upstream = REVISION.sub("", plain_epoch)
    bare = BUILD.sub("", REPACKED.sub("", upstream))
    return frozenset((full, plain_epoch, upstream, bare))


def _version(text: str) -> frozenset[str] | None:
    return _spellings(text) if VERSION.fullmatch(text) else None


def _is_version_of(given: frozenset[str], right: frozenset[str]) -> bool:
    """Tell whether the whole of what was given is one of the right spellings.

    The longest spelling is what was written; less the `v` before it and the epoch.
    """
    written = max(given, key=len)
    return bool({written, EPOCH.sub("", written).removeprefix("v")} & right)


def _digest(text: str) -> tuple[str, str] | None:
    """Read algorithm, if it is given, and digits, which may be the first twelve."""
    found = SHORT.fullmatch(text)
    if not found or len(found[2]) < SHORTEST_DIGEST:
        return None
    return (found[1] or "").casefold(), found[2].casefold()


def _is_digest_of(given: tuple[str, str], right: tuple[str, str]) -> bool:
    return right[1].startswith(given[1]) and (
        given[0] == right[0] or not (given[0] and right[0])
    )


def _address(text: str) -> tuple[Any, int | None] | None:
    """Read an address and the length of its network's prefix, if it is given."""
    bare = text.removeprefix("[").removesuffix("]")
    try:
        if "/" not in bare:
            return ipaddress.ip_address(bare), None
        found = ipaddress.ip_interface(bare)
    except ValueError:
        return None
    return found.ip, found.network.prefixlen


def _is_address_of(
    given: tuple[Any, int | None], right: tuple[Any, int | None]
) -> bool:
    return given[0] == right[0] and (
        given[1] == right[1] or None in (given[1], right[1])
    )


def _path(text: str) -> str | None:
    """Read an absolute path; slashes at its end and doubled ones say nothing."""
    if not text.startswith("/"):
        return None
    return "/" + "/".join(part for part in text.split("/") if part not in ("", "."))


BOOLEAN = Form(
    "yes or no",
    lambda text: _boolean(text) is not None,
    _boolean,
    other="Look at the machine once more.",
)
ADDRESS = Form(
    "an address",
    lambda text: _address(text) is not None,
    _address,
    _is_address_of,
    detail=", such as 192.0.2.7 or 2001:db8::7",
)
WHOLE_DIGEST = Form(
    "a digest",
    lambda text: DIGEST.fullmatch(text) is not None,
    _digest,
    _is_digest_of,
    detail=f": all of its digits, or at least the first {SHORTEST_DIGEST}",
)
FULL_VERSION = Form(
    "a version",
    lambda text: VERSION.fullmatch(text) is not None,
    _version,
    _is_version_of,
    detail=" in full, such as 1.2.3",
)
QUANTITY = Form("a number", lambda text: _quantity(text) is not None, _quantity)
PATH = Form(
    "a path",
    lambda text: text.startswith("/"),
    _path,
    detail=" that begins with /",
)
TEXT = Form(
    "a text",
    bool,
    lambda text: text.casefold() or None,
    other="A name counts only when it is written out in full.",
)
# Numbers come after versions: 1.10 is not 1.1.
FORMS = (BOOLEAN, ADDRESS, WHOLE_DIGEST, FULL_VERSION, QUANTITY, PATH)
