"""One process at a time does what only one may do; its claim falls with it, however it dies."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def claimed(file: Path) -> Generator[bool]:
    """Hold ``file`` locked; gives False, without waiting, where another process holds it. The file is removed after."""
    descriptor = _locked(file)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            file.unlink(missing_ok=True)
            os.close(descriptor)


@contextmanager
def queued(file: Path) -> Generator[None]:
    """Hold ``file`` locked, after waiting for whoever holds it; for what takes no time. The file stays."""
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _locked(file: Path) -> int | None:
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        # The last holder may have removed the name between our opening and our locking it.
        if _names(file, descriptor):
            return descriptor
        os.close(descriptor)


def _names(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
