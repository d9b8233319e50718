"""From the command line to the session it means."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager

from lab_runner import session
from lab_runner.journal import Journal
from lab_runner.session import Session
from lab_runner.state import state_folder


@contextmanager
def journal() -> Iterator[Journal]:
    with closing(Journal(state_folder())) as opened:
        yield opened


@contextmanager
def current(args: argparse.Namespace) -> Iterator[Session]:
    """Open the lab that `--lab` and `--on` mean; closes its machine's connections."""
    with journal() as opened:
        found = session.current(opened, args.lab)
        if getattr(args, "on", None):
            found.progress.machine = args.on
        found.containerd = getattr(args, "containerd", None) or ""
        with closing(found):
            yield found


@contextmanager
def started(lab: str, machine: str, *, trusted: bool = False) -> Iterator[Session]:
    """Start a lab on a machine; closes the machine's connections."""
    with (
        journal() as opened,
        closing(session.start(opened, lab, machine, trusted=trusted)) as new,
    ):
        yield new
