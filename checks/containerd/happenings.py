"""containerd's events, as records that can be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.message import DecodeError, Message

from checks.containerd.connect import connect
from checks.containerd.proto import events_pb2
from checks.doors.machine import Machine
from checks.findings import facts

Happening = dict[str, Any]


def listen(
    machine: Machine, address: str | None, began: Callable[[], None]
) -> Iterator[Happening]:
    """Yield what happens from now on: `namespace`, `topic` and `fields` of each event.

    `began` is called once nothing can happen any more that is not told here. Raises
    NothingListens and CheckError, also when the daemon ends.
    """
    client = connect(machine, address)
    envelopes = client.events()
    # An answer to a later call shows that the daemon has taken up the earlier one.
    client.version()
    began()
    for envelope in envelopes:
        yield {
            "namespace": envelope.namespace,
            "topic": envelope.topic,
            "fields": _fields(envelope.event),
        }


def _fields(packed: Packed) -> dict[str, Any]:
    """Return an event's fields by name; of an unknown type there are none."""
    name = packed.type_url.rpartition("/")[2].rpartition(".")[2]
    kind = getattr(events_pb2, name, None)
    if not isinstance(kind, type) or not issubclass(kind, Message):
        return {}
    try:
        event = kind.FromString(packed.value)
    except DecodeError:
        return {}
    names = [field.name for field in event.DESCRIPTOR.fields]
    return dict(facts(**{name: getattr(event, name) for name in names}))
