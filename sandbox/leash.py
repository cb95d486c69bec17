"""Holds one command and all that it starts, so that nothing outlives us: a program of its own, between us and them.

Called as ``python -I -S leash.py LEASH REPORT SCRATCH ADDRESS_SPACE FILE_SIZE MEMORY TASKS COMMAND...``. It runs
COMMAND in a process group of its own; once COMMAND ends, or the pipe LEASH reads end-of-file (its owner died, however,
or let go), it kills every descendant, also those that left the group, and removes SCRATCH. To the pipe REPORT it writes
the command's pid and, at the end, its wait status; where it fails itself, it says why. Limits are bytes; 0 is none.
MEMORY is what all descendants together may hold of this machine's memory and TASKS how many threads they may have;
beyond that, too, all is killed.

All of it is one file, for it runs without our packages on its path.
"""

import ctypes
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
OPEN_FILES, NOBODY, LOOK_EVERY_S = 1024, 65534, 0.25
PARENT, THREADS, RESIDENT = 1, 17, 21
"""Fields of /proc/PID/stat behind the command's name (proc(5)); RESIDENT is in pages."""


def main() -> None:
    """Hold the command; a failure of ours is reported, for nobody reads our own output."""
    report = int(sys.argv[2])
    os.set_inheritable(report, False)
    try:
        hold(report)
    except Exception as error:  # noqa: BLE001 - whatever it is
        os.write(report, b"the process above it failed: %s\n" % ascii(error).encode())


def hold(report: int) -> None:
    """Start, wait for the first of the two ends, kill, report."""
    leash, _, scratch = sys.argv[1:4]
    address_space, file_size, memory, tasks = map(int, sys.argv[4:8])
    # What daemonises is orphaned to us instead of to init, so that it can be found.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.set_inheritable(int(leash), False)
    wakeup = _wakeup_on_child_end()
    child = os.fork()
    if child == 0:
        _become(sys.argv[8:], address_space, file_size, tasks)
    with suppress(OSError):  # it does so itself; but whoever reads its pid below may signal the group at once
        os.setpgid(child, child)
    status = None
    try:
        _let_go_of_output()
        os.write(report, b"%d\n" % child)
        status = _wait(child, int(leash), wakeup, (memory, tasks) if memory else None)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        status = _kill_descendants(child, status)
        if scratch:
            _remove(Path(scratch))
    with suppress(BrokenPipeError):
        os.write(report, b"%d\n" % status)


def _become(command: list[str], address_space: int, file_size: int, tasks: int) -> None:
    try:
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if address_space:
            resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
        if file_size:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
        if tasks:
            _bound(tasks)
        os.execvp(command[0], command)
    except Exception as error:  # noqa: BLE001 - whatever it is, no second copy of us may go on from here
        os.write(2, f"{command[0]}: {error}\n".encode())
    finally:
        os._exit(127)


def _bound(tasks: int) -> None:
    """Bound descriptors and threads, and be the first that the kernel kills when memory runs out."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    # The kernel counts a user's threads on the whole machine, and does not hold root to it: our own look does.
    allowed = tasks + _threads_of(os.geteuid() or NOBODY)
    most = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    allowed = allowed if most == resource.RLIM_INFINITY else min(allowed, most)
    resource.setrlimit(resource.RLIMIT_NPROC, (allowed, allowed))
    Path("/proc/self/oom_score_adj").write_text("1000")


def _threads_of(user: int) -> int:
    found = 0
    for folder, fields in _stats():
        with suppress(OSError):
            found += int(fields[THREADS]) if folder.stat().st_uid == user else 0
    return found


def _let_go_of_output() -> None:
    """Whoever reads the command's output must see its end when the command ends, not when we do."""
    null = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1, 2):
        os.dup2(null, each)


def _wakeup_on_child_end() -> int:
    """Give a descriptor that becomes readable whenever a child ends (pidfd_open is not to be had everywhere)."""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable)
    signal.signal(signal.SIGCHLD, _ignore)
    return readable


def _ignore(number: int, frame: object) -> None:
    """A handler must be there for the descriptor to be written to."""


def _wait(child: int, leash: int, wakeup: int, limits: tuple[int, int] | None) -> int | None:
    """Give the command's wait status, or None where the leash or what is allowed ended first; reaps orphans."""
    looked = time.monotonic()
    while True:
        ready, _, _ = select.select([wakeup, leash], [], [], LOOK_EVERY_S if limits else None)
        if leash in ready:
            return None
        if limits and time.monotonic() - looked >= LOOK_EVERY_S:
            if any(held > most for held, most in zip(_held(), limits, strict=True)):
                return None
            looked = time.monotonic()
        if wakeup not in ready:
            continue
        os.read(wakeup, 1 << 10)
        pid = -1
        while pid:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == child:
                return status


def _kill_descendants(child: int, status: int | None) -> int:
    """Kill children until there are none: each death orphans its own children to us. Returns the command's status."""
    while True:
        for pid in _children():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            pid, ended = os.waitpid(-1, 0)
        except ChildProcessError:
            return signal.SIGKILL if status is None else status
        if pid == child:
            status = ended


def _held() -> tuple[int, int]:
    """Give the bytes that all our descendants hold of the machine's memory, and how many threads they are."""
    below = dict[int, list[tuple[int, list[str]]]]()
    for folder, fields in _stats():
        below.setdefault(int(fields[PARENT]), []).append((int(folder.name), fields))
    pages = threads = 0
    parents = [os.getpid()]
    while parents:
        for pid, fields in below.get(parents.pop(), []):
            pages, threads = pages + int(fields[RESIDENT]), threads + int(fields[THREADS])
            parents.append(pid)
    return pages * resource.getpagesize(), threads


def _children() -> list[int]:
    me = os.getpid()
    return [int(folder.name) for folder, fields in _stats() if int(fields[PARENT]) == me]


def _stats() -> Iterator[tuple[Path, list[str]]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The command's name stands in parentheses and may hold anything.
            yield stat.parent, stat.read_text(errors="replace").rpartition(")")[2].split()


def _remove(folder: Path) -> None:
    """Remove a folder with all that a candidate left there; what cannot be removed stays.

    Not ``shutil.rmtree``: it goes as deep as the folders do, and some candidate's go deeper than Python may.
    """
    going = True
    while going:
        going = any([_removed(each) or _flattened(each, folder) for each in _entries(folder)])
    _removed(folder)


def _flattened(entry: Path, top: Path) -> bool:
    """Remove what is in a folder; folders in it are moved to the top instead, so that paths stay short."""
    return _is_folder(entry) and any([_removed(each) or _moved(each, top) for each in _entries(entry)])


def _entries(folder: Path) -> list[Path]:
    with suppress(OSError):
        folder.chmod(0o700)
        return list(folder.iterdir())
    return []


def _removed(path: Path) -> bool:
    """Remove a file or an empty folder; False where that cannot be."""
    with suppress(OSError):
        path.rmdir() if _is_folder(path) else path.unlink()
        return True
    return False


def _moved(folder: Path, top: Path) -> bool:
    with suppress(OSError):
        folder.chmod(0o700)
        folder.rename(top / os.urandom(8).hex())
        return True
    return False


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


if __name__ == "__main__":
    main()
