"""One process at a time uses a card, whoever runs it: two that time at once would both be wrong."""

import fcntl
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sandbox.evaluation import SandboxError

FOLDER = Path("/tmp/kernelwright.cards")
"""Not where TMPDIR says: that differs from user to user."""
_PAUSE_S, _FIRST_NOTICE_S, _NEXT_NOTICE_S = 0.02, 5.0, 60.0
Notice = Callable[[str], None]


class CardLock:
    """A lock on one card, which ends with its process.

    Whoever waits holds a second lock, the gate, so that a process which lets go and asks again comes after it.
    """

    def __init__(self, card: str, notice: Notice, folder: Path = FOLDER) -> None:
        """Open the lock of the card with this UUID; ``notice`` is told who is waited for. Raises SandboxError."""
        self._card, self._notice = card, notice
        _make_folder(folder)
        self._gate, self._main = (_opened(folder / f"{card}.{name}") for name in ("gate", "lock"))
        self.held = False

    def acquire(self) -> None:
        """Wait for it, as long as it takes; nothing where it is held."""
        if not self.held:
            begin = time.monotonic()
            self._wait(self._gate, begin)
            try:
                self._wait(self._main, begin)
            finally:
                fcntl.flock(self._gate, fcntl.LOCK_UN)
            self._sign()

    def try_acquire(self) -> bool:
        """Take it if nobody has it or waits for it."""
        if not self.held and _locked(self._gate):
            if _locked(self._main):
                self._sign()
            fcntl.flock(self._gate, fcntl.LOCK_UN)
        return self.held

    def release(self) -> None:
        """Let others have it; nothing where it is not held."""
        if self.held:
            self.held = False
            fcntl.flock(self._main, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go for good."""
        for each in (self._gate, self._main):
            os.close(each)
        self.held = False

    def _wait(self, descriptor: int, begin: float) -> None:
        after = _FIRST_NOTICE_S
        while not _locked(descriptor):
            if time.monotonic() - begin > after:
                self._notice(f"the card {self._card} is used by {self._holder()}; waiting for it")
                after += _NEXT_NOTICE_S
            time.sleep(_PAUSE_S)

    def _holder(self) -> str:
        return os.pread(self._main, 200, 0).decode(errors="replace").strip() or "another process"

    def _sign(self) -> None:
        self.held = True
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        with suppress(OSError):  # another user's file, which can be locked and not written: it names nobody then
            os.ftruncate(self._main, 0)
            os.pwrite(self._main, f"process {os.getpid()} since {since}\n".encode(), 0)


class NoLock:
    """Of no card: it is always there for us."""

    held = False

    def acquire(self) -> None:
        """Nothing to wait for."""
        self.held = True

    def try_acquire(self) -> bool:
        """Nobody else wants it."""
        self.held = True
        return True

    def release(self) -> None:
        """Nobody else wants it."""
        self.held = False


def _make_folder(folder: Path) -> None:
    with suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(0o1777)  # every user's, and nobody removes another's
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise SandboxError(f"{folder} is no folder, and the locks of this machine's cards belong there")


def _opened(file: Path) -> int:
    """Open for writing where that is allowed, else for locking alone; raises SandboxError."""
    for flags in (os.O_RDWR, os.O_RDONLY, os.O_RDWR | os.O_CREAT | os.O_EXCL, os.O_RDONLY):
        with suppress(PermissionError, FileNotFoundError, FileExistsError):
            descriptor = os.open(file, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
            if flags & os.O_CREAT:
                os.fchmod(descriptor, 0o666)
            return descriptor
    raise SandboxError(f"{file}: the card's lock can be neither opened nor made; remove it, or mend its permissions")


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
