"""The journal's file: what is wrong with it is said in one line, and what was written stays."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import EMULATED, TASK

from agent.events import RunEnded, RunStarted
from agent.home import HomeError, prepared
from agent.journal import SCHEMA_VERSION, Journal, JournalError
from agent.run import begin, new_id

ROOT = Path(__file__).parents[2]
MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/homes /home nfs4 rw 0 0
/dev/vdb /home/local ext4 rw 0 0
me@box: /mnt/my\\040box fuse.sshfs rw 0 0
overlay /mnt/my\\040box/top ext4 rw 0 0
overlay /mnt/my\\040box/top cifs rw 0 0
"""


def told(call, *args):
    with pytest.raises(JournalError) as caught:
        call(*args)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_it_is_one_file_in_a_folder_that_is_made(tmp_path):
    with Journal(tmp_path / "new" / "home") as journal:
        assert journal.file == tmp_path / "new" / "home" / "journal.db"
        assert journal.file.is_file()


def test_a_newer_journal_is_refused_and_left_alone(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append("r", "t", RunEnded("done"))
    database = sqlite3.connect(tmp_path / "journal.db")
    database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    database.close()
    assert "written by a newer kernelwright" in told(Journal, tmp_path)
    assert sqlite3.connect(tmp_path / "journal.db").execute("SELECT count(*) FROM events").fetchone() == (1,)


def test_a_newer_event_names_its_row(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append("r", "t", RunEnded("done"))
        journal._db.execute("""UPDATE events SET body = '{"kind": "Telepathy", "version": 1}'""")
        words = told(list, journal.read())
    assert "event 1" in words
    assert "newer kernelwright" in words


def test_a_file_that_is_no_journal_is_named(tmp_path):
    (tmp_path / "journal.db").write_text("Dear diary, " * 100)
    words = told(Journal, tmp_path)
    assert str(tmp_path / "journal.db") in words
    assert "it is no journal" in words


def test_a_damaged_file_is_named(tmp_path):
    with Journal(tmp_path) as journal:
        for _ in range(50):
            journal.append("r", "t", RunEnded("x" * 1000))
    body = bytearray((tmp_path / "journal.db").read_bytes())
    body[4096:] = b"\xff" * (len(body) - 4096)
    (tmp_path / "journal.db").write_bytes(body)
    with Journal(tmp_path) as journal:
        assert "it is damaged" in told(list, journal.read())


FILL = """
import resource, signal, sys
from pathlib import Path
from agent.events import RunEnded
from agent.journal import Journal, JournalError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Journal(Path(sys.argv[1])) as journal:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        while True:
            journal.append("r", "t", RunEnded("x" * 4000))
    except JournalError as error:
        print(error)
"""


def test_a_file_that_can_grow_no_more_is_told_and_what_was_written_stays(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append("r", "t", RunEnded("first"))
    command = [sys.executable, "-c", FILL, tmp_path]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.count("\n") == 1
    assert str(tmp_path) in said
    assert "disk" in said
    with Journal(tmp_path) as journal:
        kept = [entry.event for entry in journal.read()]
    assert kept[0] == RunEnded("first")
    assert len(kept) > 5


@pytest.mark.parametrize(
    ("code", "words"), [("SQLITE_FULL", "the disk is full"), ("SQLITE_BUSY_SNAPSHOT", "another process")]
)
def test_sqlite_errors_are_put_in_words(tmp_path, code, words):
    class Broken:
        def execute(self, *_):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorname = code
            raise error

        def close(self):
            pass

    with Journal(tmp_path) as journal:
        journal.close()
        journal._db = Broken()
        assert words in told(journal.append, "r", "t", RunEnded("x"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    words = told(Journal, tmp_path / "file")
    assert str(tmp_path / "file") in words
    assert "--home" in words


def test_a_lock_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "locks" / "opening").mkdir(parents=True)
    assert "locks/opening: Is a directory" in told(Journal, tmp_path)


@pytest.mark.parametrize("folder", ["/home/me/state", "/mnt/my box/x", "/mnt/my box/top/x"])
def test_a_network_drive_is_refused(folder, tmp_path):
    (tmp_path / "mounts").write_text(MOUNTS)
    with pytest.raises(HomeError, match="network drive"):
        prepared(Path(folder), tmp_path / "mounts")


def test_a_local_drive_below_a_network_drive_is_taken(tmp_path):
    table = f"server:/ {tmp_path} nfs rw 0 0\n/dev/vdb {tmp_path}/local ext4 rw 0 0\n"
    (tmp_path / "mounts").write_text(table)
    assert prepared(tmp_path / "local" / "state", tmp_path / "mounts") == tmp_path / "local" / "state"
    assert prepared(tmp_path / "state", tmp_path / "no such table") == tmp_path / "state"


def test_run_ids_can_be_typed_and_tell_equal_tasks_apart(tmp_path):
    with Journal(tmp_path) as journal:
        ids = [begin(journal, TASK, EMULATED, config="{}", batch="b") for _ in range(20)]
        assert len(set(ids)) == 20
        assert [type(e.event) for e in journal.read()] == [RunStarted] * 20
    assert all(each.split("-")[4] == "softmax" and len(each.split("-")[5]) == 4 for each in ids)
    assert new_id("batch").split("-")[4] == "batch"
