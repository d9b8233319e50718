"""Options and words of a command line, apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arguments:
    """`words` are what is no option; `options` by name with dashes, in order given."""

    words: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]

    def has(self, *names: str) -> bool:
        """Tell whether an option is given and not switched off, as in `--tty=false`."""
        return any(
            value != "false" for name in names for value in self.options.get(name, ())
        )

    def value(self, *names: str) -> str | None:
        """Return the last value of an option that has several names."""
        return next(reversed(self.values(*names)), None)

    def values(self, *names: str) -> tuple[str, ...]:
        return tuple(each for name in names for each in self.options.get(name, ()))


def parse(
    given: Sequence[str], valued: Collection[str] = (), *, limit: int | None = None
) -> Arguments:
    """Take options and words apart.

    `valued` are the options that take the next word; after `limit` words everything is
    a word, as for `docker run IMAGE COMMAND…` (1). An option without value has "".
    """
    words: list[str] = []
    options: dict[str, tuple[str, ...]] = {}
    rest = iter(given)
    for each in rest:
        if each == "--":
            words += rest
        elif not each.startswith("-") or each == "-":
            words.append(each)
            if len(words) == limit:
                words += rest
        else:
            for name, value in _option(each, rest, valued):
                options[name] = (*options.get(name, ()), value)
    return Arguments(tuple(words), options)


def _option(
    word: str, rest: Iterator[str], valued: Collection[str]
) -> Iterator[tuple[str, str]]:
    name, equals, value = word.partition("=")
    if equals and (word.startswith("--") or name in valued):
        yield name, value
    elif word in valued:
        yield word, next(rest, "")
    elif word.startswith("--") or len(word) == 2:  # a dash and one letter
        yield word, ""
    else:
        yield from _cluster(word[1:], rest, valued)


def _cluster(
    letters: str, rest: Iterator[str], valued: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the options of `-itp80`; the first that takes a value has what follows."""
    for index, letter in enumerate(letters):
        name = f"-{letter}"
        if name in valued:
            yield name, letters[index + 1 :] or next(rest, "")
            return
        yield name, ""


def listed(names: str) -> frozenset[str]:
    """Return the names in a text: a table of options, read more easily than a list."""
    return frozenset(names.split())
