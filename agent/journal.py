"""The one place where state lives: an append-only table in SQLite. All else is derived from it."""

import sqlite3
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from agent.claim import queued
from agent.events import Event, EventError, from_json, to_json
from agent.home import HomeError, prepared

SCHEMA_VERSION = 1
"""Of the table; kept in the file's ``user_version``."""
BUSY_TIMEOUT_S = 30.0
"""How long to wait while another process writes."""

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    run TEXT NOT NULL, task TEXT NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS events_by_run ON events (run, seq);
CREATE INDEX IF NOT EXISTS events_by_kind ON events (kind, seq);
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""
_CAUSES = {
    "SQLITE_FULL": "the disk is full; free some space and resume",
    "SQLITE_READONLY": "it cannot be written; change its permissions or name another folder with --home",
    "SQLITE_CANTOPEN": "it cannot be opened; change its permissions or name another folder with --home",
    "SQLITE_CORRUPT": "it is damaged; move it away or recover it with the sqlite3 tool",
    "SQLITE_NOTADB": "it is no journal; move it away or name another folder with --home",
    "SQLITE_BUSY": f"another process held it for more than {BUSY_TIMEOUT_S:.0f} s; try again",
    "SQLITE_IOERR": "the disk failed to read or write; see to the disk and resume",
}


class JournalError(Exception):
    """The journal cannot be opened, read or written, or does not hold what was asked for; one line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row."""

    seq: int
    run: str
    task: str
    at: float
    """When it was written, Unix seconds."""
    event: Event


class Journal:
    """Any number of processes may read and write it at once."""

    def __init__(self, home: Path, clock: Callable[[], float] = time.time) -> None:
        """Open ``home/journal.db`` or make it; ``clock`` gives Unix seconds. Raises JournalError."""
        try:
            self.home = prepared(home)
        except HomeError as error:
            raise JournalError(str(error)) from error
        self.file = self.home / "journal.db"
        self._clock = clock
        # SQLite does not wait its turn while a fresh file is turned to write-ahead logging: it fails as busy at once.
        with self._told_in_one_line(), queued(self.home / "locks" / "opening"):
            self._db = sqlite3.connect(self.file, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            self._prepare()

    def append(self, run: str, task: str, event: Event) -> Entry:
        """Write one event of a run on a task; it is on the disk when this returns. Raises JournalError."""
        at = self._clock()
        row = (run, task, at, type(event).__name__, to_json(event))
        with self._told_in_one_line():
            cursor = self._db.execute("INSERT INTO events (run, task, at, kind, body) VALUES (?, ?, ?, ?, ?)", row)
        assert cursor.lastrowid is not None
        return Entry(cursor.lastrowid, run, task, at, event)

    def read(
        self, run: str | None = None, task: str | None = None, after: int = 0, kinds: tuple[type[Event], ...] = ()
    ) -> Iterator[Entry]:
        """Give events in the order in which they were written, all or those that are named; raises JournalError."""
        wanted = {"run": run, "task": task}
        where = ["seq > ?", *(f"{column} = ?" for column, value in wanted.items() if value is not None)]
        values: list[str | int] = [after, *(value for value in wanted.values() if value is not None)]
        if kinds:
            where.append(f"kind IN ({', '.join('?' * len(kinds))})")
            values += [kind.__name__ for kind in kinds]
        query = f"SELECT seq, run, task, at, body FROM events WHERE {' AND '.join(where)} ORDER BY seq"
        with self._told_in_one_line():
            for seq, its_run, its_task, at, body in self._db.execute(query, values):
                yield Entry(seq, its_run, its_task, at, self._event(seq, body))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        """Nothing to do: it is open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def _prepare(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise JournalError(
                f"{self.file} was written by a newer kernelwright; upgrade this one, or name another --home"
            )
        if version < SCHEMA_VERSION:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.executescript(_SCHEMA)
        # A bought reply must outlive a power cut, not only a killed process.
        self._db.execute("PRAGMA synchronous = FULL")

    def _event(self, seq: int, body: str) -> Event:
        try:
            return from_json(body)
        except EventError as error:
            raise JournalError(f"{self.file}, event {seq}: {error}") from error

    @contextmanager
    def _told_in_one_line(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code: str = getattr(error, "sqlite_errorname", "") or ""
            cause = next((words for name, words in _CAUSES.items() if code.startswith(name)), str(error))
            raise JournalError(f"{self.file}: {cause}") from error
        except OSError as error:
            raise JournalError(
                f"{error.filename or self.file}: {error.strerror}; name another folder with --home"
            ) from error
