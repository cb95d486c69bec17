"""One card, several processes: who has it, who waits, and what the one who waits is told."""

import os
import re
import subprocess
import sys
import threading

import pytest

from sandbox import card_lock
from sandbox.card_lock import CardLock
from sandbox.evaluation import SandboxError
from sandbox.leashed import ROOT

CARD = "GPU-0"
HOLDER = (
    "import sys; sys.path.insert(0, sys.argv[1])\n"
    "from pathlib import Path\nfrom sandbox.card_lock import CardLock\n"
    f"lock = CardLock({CARD!r}, print, Path(sys.argv[2]))\n"
    "lock.acquire()\nprint('held', flush=True)\nsys.stdin.read()\n"
)


@pytest.fixture
def holder(tmp_path):
    started = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", HOLDER, ROOT, str(tmp_path / "locks")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout.readline() == "held\n"
    yield started
    started.kill()
    started.communicate()


def test_a_card_is_held_by_one_process_and_its_waiter_is_told_by_whom(holder, tmp_path, monkeypatch):
    monkeypatch.setattr(card_lock, "_FIRST_NOTICE_S", 0.0)
    told = []

    def hear(words):
        told.append(words)
        holder.kill()

    lock = CardLock(CARD, hear, tmp_path / "locks")
    assert not lock.try_acquire()
    lock.acquire()
    assert lock.held
    assert re.fullmatch(rf"the card {CARD} is used by process {holder.pid} since 20\S+; waiting for it", told[0])
    lock.close()


def test_other_cards_are_not_waited_for(holder, tmp_path):
    assert CardLock("GPU-1", print, tmp_path / "locks").try_acquire()


def test_who_lets_go_comes_after_who_waits(tmp_path, monkeypatch):
    waiting = threading.Event()
    monkeypatch.setattr(card_lock, "_FIRST_NOTICE_S", 0.0)
    first, second = CardLock(CARD, print, tmp_path), CardLock(CARD, lambda _: waiting.set(), tmp_path)
    first.acquire()
    waiter = threading.Thread(target=second.acquire)
    waiter.start()
    assert waiting.wait(30)
    first.release()
    assert not first.try_acquire()
    waiter.join(30)
    assert second.held
    second.release()
    assert first.try_acquire()


def test_every_user_may_lock_it(tmp_path):
    CardLock(CARD, print, tmp_path / "locks").close()
    assert (tmp_path / "locks").stat().st_mode & 0o7777 == 0o1777
    assert [each.stat().st_mode & 0o777 for each in (tmp_path / "locks").iterdir()] == [0o666, 0o666]


def test_a_file_that_cannot_be_written_can_be_locked(tmp_path, monkeypatch):
    for kind in ("gate", "lock"):
        (tmp_path / f"{CARD}.{kind}").touch(0o444)
    usual = os.open

    def as_a_plain_user(path, flags, *mode, **more):  # root may write everything
        if flags & os.O_ACCMODE != os.O_RDONLY:
            raise PermissionError(13, "permission denied", str(path))
        return usual(path, flags, *mode, **more)

    monkeypatch.setattr(os, "open", as_a_plain_user)
    assert CardLock(CARD, print, tmp_path).try_acquire()


def test_a_folder_that_is_none_and_a_link_are_refused_in_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SandboxError, match="is no folder"):
        CardLock(CARD, print, tmp_path / "file")
    (tmp_path / f"{CARD}.gate").symlink_to(tmp_path / "file")
    with pytest.raises((SandboxError, OSError)):
        CardLock(CARD, print, tmp_path)
