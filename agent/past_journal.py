"""A journal that lies anywhere, for reading alone: nothing is made or changed."""

import sqlite3
from pathlib import Path

from agent.journal import BUSY_TIMEOUT_S, SCHEMA_VERSION, Journal, JournalError

_MAGIC = b"SQLite format 3\0"


class PastJournal(Journal):
    """Another home's journal, or a copy of one."""

    def __init__(self, file: Path) -> None:
        """Open ``file``, or ``journal.db`` in it where it is a folder; raises JournalError where that is no journal."""
        self.file = (file / "journal.db" if file.is_dir() else file).resolve()
        self.home = self.file.parent
        if not self.file.is_file():
            raise JournalError(f"no journal {self.file}")
        with self._told_in_one_line():
            self._check_first_bytes()
            address = f"{self.file.as_uri()}?mode=ro"
            self._db = sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            tables = self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        if ("events",) not in tables:
            raise JournalError(f"{self.file} is no journal of kernelwright")
        if version > SCHEMA_VERSION:
            raise JournalError(f"{self.file} was written by a newer kernelwright; upgrade this one")

    def _check_first_bytes(self) -> None:
        with self.file.open("rb") as opened:
            if opened.read(len(_MAGIC)) != _MAGIC:
                raise JournalError(f"{self.file} is no journal of kernelwright")
