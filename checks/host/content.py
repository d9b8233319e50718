"""How the content of a file differs from what is asked, without showing secrets."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import zip_longest
from posixpath import basename

from checks.host.wording import contrast, excerpt, quoted, unlike
from checks.matchers import Matcher, equals

SEARCHED = 1000  # so many lines are searched for a similar one
# Files that are never quoted, by their names in lower case.
PRIVATE = (
    "*key*",
    "*shadow*",
    "*secret*",
    "*token*",
    "*password*",
    "*passwd-*",
    "*credential*",
    "id_*",
    "*.pem",
    "*.p12",
    "*.env",
    ".netrc",
    ".pgpass",
    "kubeconfig",
    "sudoers*",
)
PRIVATE_KEY = "PRIVATE KEY-----"


def differs(path: str, text: str, wanted: Matcher) -> tuple[str, str, str]:
    """Return the sentence, and what was found and what was wanted in short."""
    literal = wanted.literal
    if _is_private(path, text):
        return f"`{path}` does not hold what is asked, and is not shown", "", ""
    if literal is not None and "\n" in (literal.strip("\n") + text.strip("\n")):
        return _first_difference(path, text, literal)
    near, number = _nearest(text, wanted)
    if near:
        said = f"`{path}` holds `{near}` in line {number}, {unlike(wanted)}"
        return said, near, contrast(near, wanted)[1]
    actual, expected = contrast(text, wanted)
    said = f"`{path}` holds {quoted(actual)}, {unlike(wanted, expected)}"
    return said, actual, expected or "empty"


def _is_private(path: str, text: str) -> bool:
    name = basename(path).lower()
    return PRIVATE_KEY in text or any(fnmatchcase(name, each) for each in PRIVATE)


def _first_difference(path: str, text: str, literal: str) -> tuple[str, str, str]:
    ours, theirs = (each.removesuffix("\n").split("\n") for each in (text, literal))
    pairs = list(zip_longest(ours, theirs))
    at = next(at for at, (found, wanted) in enumerate(pairs) if found != wanted)
    number, (found, wanted) = at + 1, pairs[at]
    if found is None:
        expected = excerpt(wanted)
        said = f"`{path}` ends before line {number}, {quoted(expected)} is missing"
        return said, "", expected
    if wanted is None:
        actual = excerpt(found)
        said = f"`{path}` goes on after line {at} with {quoted(actual)}"
        return said, actual, ""
    actual, expected = contrast(found, equals(wanted))
    said = f"`{path}` holds {quoted(actual)} in line {number}, not {quoted(expected)}"
    return said, actual, expected


def _nearest(text: str, wanted: Matcher) -> tuple[str, int]:
    """Return the line most like a piece of text that shall be there, and its number."""
    match wanted.conditions:
        case (("contains", str(piece)),) if "\n" not in piece:
            lines = text.splitlines()[:SEARCHED]
            near = get_close_matches(piece, [each.strip() for each in lines], n=1)
            if near:
                at = next(
                    at for at, each in enumerate(lines) if each.strip() == near[0]
                )
                return excerpt(near[0]), at + 1
    return "", 0
