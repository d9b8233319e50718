"""Which images the mirror has: adding, bringing up to date, removing, listing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Literal

from checks.words import did_you_mean
from lab_runner.errors import MachineError, UsageError
from lab_runner.machines import folder, locks
from lab_runner.machines.mirror import references, sources, store
from lab_runner.machines.mirror.references import Reference
from lab_runner.machines.mirror.store import Entry, Origin, Store
from lab_runner.machines.mirror.transfer import Transfer
from lab_runner.machines.progress import Progress

Status = Literal["fetched", "moved", "current", "kept", "failed"]


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the mirror; `size` is what is here of it, in bytes."""

    name: Reference
    entry: Entry
    size: int


@dataclass(frozen=True, slots=True)
class Order:
    """An image that somebody wants; `source` is empty for its own registry."""

    image: Reference
    origin: Origin
    source: str = ""
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order.

    `moved`: the tag stands for something else than before. `kept`: it is from an archive
    and stays as it is. A `failure` leaves the mirror as it was.
    """

    order: Order
    status: Status
    image: Image | None = None
    failure: MachineError | None = None


def images() -> list[Image]:
    """Return all that the mirror has, by name."""
    shop = _store()
    return [
        Image(name, entry, shop.size(entry.digest))
        for name, entry in sorted(shop.entries().items(), key=lambda item: str(item[0]))
    ]


def add(
    names: Sequence[str],
    progress: Progress,
    *,
    source: str = "",
    everywhere: bool = False,
) -> list[Outcome]:
    """Fetch images and keep them; a failure of one does not keep others from coming.

    `source` is where they are if not in their registries. Raises UsageError for what is
    no name of an image.
    """
    wanted = dict.fromkeys(map(references.parse, names))
    if len(wanted) > 1 and not sources.is_registry(source):
        raise UsageError(
            f"`{source}` is one image, and these are {len(wanted)} names",
            f"labrun machine mirror add IMAGE --from {source}",
        )
    with _turn(progress):
        orders = [Order(each, "added", source, everywhere) for each in wanted]
        return [_fill(order, progress) for order in orders]


def sync(asked: Iterable[str], progress: Progress) -> list[Outcome]:
    """Bring up to date what was added, and what labs ask for (`asked`)."""
    wanted = {image.name: image for image in map(references.parse, asked)}
    with _turn(progress):
        shop = _store()
        orders = {name: Order(image, "asked") for name, image in wanted.items()}
        for name, entry in shop.entries().items():
            if entry.is_pinned:
                orders[name] = _again(name, entry)
        outcomes = [_kept(order) or _fill(order, progress) for order in orders.values()]
        shop.prune()
    return outcomes


def require(names: Iterable[str], progress: Progress) -> None:
    """Have images in the mirror; raises MachineError for one that cannot be fetched."""
    missing = [each for each in map(references.parse, names) if not _is_here(each)]
    if not missing:
        return
    with _turn(progress):
        # Another labrun may have fetched them while this one waited for its turn.
        for image in missing:
            if not _is_here(image):
                _require_success(_fill(Order(image, "asked"), progress))


def remove(names: Sequence[str]) -> int:
    """Remove images; return how many bytes that freed.

    Raises UsageError for one that is not there, or always is.
    """
    wanted = [references.parse(each).name for each in names]
    with _turn(lambda _: None):
        shop = _store()
        entries = shop.entries()
        for name in wanted:
            if name not in entries:
                guess = did_you_mean(str(name), [*map(str, entries)])
                raise UsageError(
                    f"the mirror has no `{name}`{guess}", "labrun machine mirror list"
                )
            if entries[name].origin == "shipped":
                raise UsageError(f"`{name}` comes with labrun and stays")
        for name in wanted:
            shop.forget(name)
        return shop.prune()


def _fill(order: Order, progress: Progress) -> Outcome:
    shop, image = _store(), order.image
    before = shop.entry(image.name)
    whole = before is not None and shop.is_whole(before.digest, order.everywhere)
    try:
        with sources.opened(order.source, image.registry, progress) as source:
            transfer = Transfer(
                image, source, shop, progress, everywhere=order.everywhere
            )
            entry = transfer.run(order.origin, order.source)
    except MachineError as failure:
        return Outcome(order, "failed", failure=failure)
    except OSError as error:
        sentence = f"`{image}` cannot be stored: {error.strerror}"
        full = MachineError(sentence, f"df -h {folder.root()}")
        return Outcome(order, "failed", failure=full)
    if before is None or not whole:
        status: Status = "fetched"
    else:
        status = "current" if before.digest == entry.digest else "moved"
    return Outcome(order, status, Image(image.name, entry, shop.size(entry.digest)))


def _again(name: Reference, entry: Entry) -> Order:
    """Return the order by which an image came; one given by digest comes by it again."""
    image = replace(name, digest=entry.digest) if entry.exact else name
    return Order(image, entry.origin, entry.source, entry.everywhere)


def _kept(order: Order) -> Outcome | None:
    """Return the outcome for an image of an archive, which nobody can ask for news."""
    shop, name = _store(), order.image.name
    entry = shop.entry(name)
    if not entry or sources.is_registry(order.source) or not _is_here(order.image):
        return None
    return Outcome(order, "kept", Image(name, entry, shop.size(entry.digest)))


def _is_here(image: Reference) -> bool:
    shop = _store()
    entry = shop.entry(image.name)
    digest = image.digest or (entry.digest if entry else "")
    return bool(digest) and shop.is_whole(digest, everywhere=False)


def _require_success(outcome: Outcome) -> None:
    if outcome.failure:
        raise MachineError(
            f"the machine's image cannot be had: {outcome.failure.message}",
            f"labrun machine mirror add {outcome.order.image} --from oci-archive:FILE",
        )


def _store() -> Store:
    return store.of(folder.root())


def _turn(progress: Progress) -> AbstractContextManager[None]:
    """Fill the mirror one at a time: what two want is then fetched once."""
    busy = "waiting for another labrun that fills the mirror"
    lock = folder.locks() / "mirror-images"
    return locks.held(lock, busy, wait=locks.FOREVER, waiting=progress)
