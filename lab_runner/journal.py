"""The journal: an append-only record of what a learner did, in SQLite.

SQLite gives what a text file would have to earn: two writers at once, a write that is
whole or absent after `kill -9`, and a clear error from a full disk.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from lab_runner.errors import JournalError
from lab_runner.state import StateFolder

EventKind = Literal[
    "started",
    "stopped",
    "shown",
    "setup",
    "checked",
    "passed",
    "broken",
    "read",
    "hint",
    "solved",
    "answered",
    "arrived",
    "reset",
]

FILE = "journal.sqlite"
WAIT_SECONDS = 10

# One entry a schema version; a journal is brought up step by step.
MIGRATIONS = (
    """
    CREATE TABLE learner (seed BLOB NOT NULL);
    CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        lab TEXT NOT NULL,
        digest TEXT NOT NULL,
        step TEXT NOT NULL,
        task TEXT NOT NULL,
        data TEXT NOT NULL
    );
    """,
    """
    CREATE INDEX event_by_lab ON event (lab, kind);
    CREATE TRIGGER event_is_kept BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER event_is_final BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    """,
)
SCHEMA = len(MIGRATIONS)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `at` is UTC in ISO 8601, `data` is JSON-able."""

    kind: EventKind
    lab: str
    digest: str
    step: str = ""
    task: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""


class Journal:
    """The events of one learner. Every failure is a JournalError of one sentence."""

    def __init__(self, folder: StateFolder) -> None:
        self.folder = folder
        self._database: sqlite3.Connection | None = None

    @property
    def path(self) -> Path:
        return self.folder.path / FILE

    def append(self, events: Iterable[Event]) -> None:
        """Write events in one transaction: all of them or none."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        rows = [
            (e.at or now, e.kind, e.lab, e.digest, e.step, e.task, _encode(e.data))
            for e in events
        ]
        statement = (
            "INSERT INTO event (at, kind, lab, digest, step, task, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        with self._errors(), self._writable() as database:
            database.executemany(statement, rows)

    def events(self, lab: str, kinds: Iterable[EventKind]) -> list[Event]:
        """Return a lab's events of these kinds, oldest first."""
        wanted = tuple(kinds)
        marks = ", ".join("?" * len(wanted))
        return self._select(
            f"WHERE lab = ? AND kind IN ({marks}) ORDER BY id",
            (lab, *wanted),
        )

    def latest(self, kinds: Iterable[EventKind]) -> Iterator[Event]:
        """Yield the last event of these kinds of each lab, newest first."""
        wanted = tuple(kinds)
        marks = ", ".join("?" * len(wanted))
        yield from self._select(
            "WHERE id IN (SELECT max(id) FROM event"  # noqa: S608  (marks are `?`)
            f" WHERE kind IN ({marks}) GROUP BY lab) ORDER BY id DESC",
            wanted,
        )

    def seed(self) -> bytes:
        """Return the learner's own random seed, made once."""
        with self._errors():
            return self._read_seed() or self._make_seed()

    def known_seed(self) -> bytes:
        """Return the learner's seed, or nothing where none was made; writes nothing."""
        with self._errors():
            return self._read_seed() or b""

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _read_seed(self) -> bytes | None:
        database = self._readable()
        row = database and database.execute("SELECT seed FROM learner").fetchone()
        return bytes(row[0]) if row else None

    def _make_seed(self) -> bytes:
        with self._writable() as database:
            database.execute(
                "INSERT INTO learner SELECT ? WHERE NOT EXISTS (SELECT * FROM learner)",
                (os.urandom(16),),
            )
        made = self._read_seed()
        if made is None:
            raise JournalError(f"`{self.path}` did not keep what was written")
        return made

    def _select(self, where: str, values: tuple[str, ...]) -> list[Event]:
        columns = "kind, lab, digest, step, task, data, at"
        with self._errors():
            database = self._readable()
            if database is None:
                return []
            rows = database.execute(f"SELECT {columns} FROM event {where}", values)  # noqa: S608
            return [_event(row) for row in rows]

    def _readable(self) -> sqlite3.Connection | None:
        """Open the journal as it is; None when there is none yet."""
        if self._database is None and self.path.exists():
            self._database = self._connect()
        return self._database

    @contextmanager
    def _writable(self) -> Iterator[sqlite3.Connection]:
        if self._readable() is None:
            self.folder.make()
            self._database = self._connect()
            self.folder.own(self.path)
        database = self._database
        assert database is not None  # noqa: S101  (connected just above)
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise

    def _connect(self) -> sqlite3.Connection:
        # Autocommit mode: transactions are begun and ended in plain sight above.
        database = sqlite3.connect(
            self.path, timeout=WAIT_SECONDS, isolation_level=None
        )
        try:
            self._upgrade(database)
        except BaseException:
            database.close()
            raise
        return database

    def _upgrade(self, database: sqlite3.Connection) -> None:
        version = _version(database)
        if version > SCHEMA:
            raise JournalError(
                f"`{self.path}` was written by a newer labrun"
                f" (schema {version}, this one knows {SCHEMA})",
                "`pip install --upgrade labrun`",
            )
        if version == SCHEMA:
            return
        database.execute("BEGIN IMMEDIATE")
        try:
            # Read again: another labrun may have upgraded while this one waited.
            for script in MIGRATIONS[_version(database) :]:
                for statement in _statements(script):
                    database.execute(statement)
            database.execute(f"PRAGMA user_version = {SCHEMA}")
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._explained(error) from None
        except (OSError, ValueError, RecursionError) as error:
            raise JournalError(f"`{self.path}` cannot be used: {error}") from None

    def _explained(self, error: sqlite3.Error) -> JournalError:
        name = getattr(error, "sqlite_errorname", "")
        kept = "what was recorded before is safe"
        if name.startswith("SQLITE_FULL") or name == "SQLITE_IOERR_WRITE":
            return JournalError(
                f"the disk of `{self.path}` is full: this was not recorded, {kept}",
                "free some space and repeat the command",
            )
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            return JournalError(
                f"`{self.path}` may not be written: this was not recorded, {kept}",
                "set LABRUN_STATE_DIR to a folder you may write",
            )
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return JournalError(
                f"another labrun has held `{self.path}` for {WAIT_SECONDS} s",
                "wait for it to end and repeat the command",
            )
        if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
            return JournalError(
                f"`{self.path}` is damaged: {error}",
                f"move it aside to begin anew: `mv {self.path} {self.path}.damaged`",
            )
        return JournalError(f"`{self.path}` cannot be used: {error}")


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """Split a script; `executescript` would commit the transaction it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _event(row: tuple[Any, ...]) -> Event:
    kind, lab, digest, step, task, data, at = row
    known = json.loads(data)
    fields = known if isinstance(known, dict) else {}
    return Event(kind, lab, digest, step, task, fields, at)


def _encode(data: Mapping[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"), default=str)
