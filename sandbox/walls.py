"""Builds a file system of its own in fresh namespaces and runs a command in it, where there is no bubblewrap.

Called by ``unshare`` as ``python -I -S walls.py PLAN COMMAND...``; PLAN is the JSON of what ``wrappers.py`` puts there.
The current folder, empty, becomes the new root. It stays as the namespace's first process, reaps, and ends as COMMAND
does (128 + n for signal n).
"""

import ctypes
import fcntl
import json
import os
import platform
import socket
import struct
import sys
from pathlib import Path
from typing import Any

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC = 1, 2, 4, 32, 4096, 16384
MNT_DETACH, SIOCSIFFLAGS, IFF_UP = 2, 0x8914, 1
AT_FDCWD, AT_RECURSIVE, SYS_MOUNT_SETATTR = -100, 0x8000, 442
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
DEVICES = ("null", "zero", "full", "random", "urandom")
LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"}

libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Build, enter, run."""
    root = Path.cwd()
    _mount("tmpfs", str(root), "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")
    build(root, json.loads(sys.argv[1]))
    # The old root goes below the new one, and is let go.
    os.chdir(root)
    _check(libc.syscall(SYS_PIVOT_ROOT[platform.machine()], b".", b"."), "pivot_root")
    _check(libc.umount2(b".", MNT_DETACH), "umount")
    _freeze(Path("/"), recursive=False)
    os.chdir("/tmp")  # noqa: S108
    _loopback_up()
    os._exit(_run(sys.argv[2:]))


def build(root: Path, plan: dict[str, Any]) -> None:
    """Fill the new root; raises OSError where a step is not allowed."""
    # What is named may lie below /tmp or /dev/shm, so these come first.
    _folder_in_memory(root / "tmp", plan["tmp_bytes"])
    for name, target in plan["links"]:
        _inside(root, name).symlink_to(target)
    for name in plan["read_only"]:
        _bind(name, _inside(root, name))
        _freeze(_inside(root, name), recursive=True)
    proc, dev = root / "proc", root / "dev"
    if plan["own_pids"]:
        proc.mkdir()
        _mount("proc", str(proc), "proc", MS_NOSUID | MS_NODEV, "")
    else:
        _bind("/proc", proc)
    dev.mkdir()
    _mount("tmpfs", str(dev), "tmpfs", MS_NOSUID, "mode=755")
    for name in (*(f"/dev/{each}" for each in DEVICES), *plan["devices"]):
        _bind(name, _inside(root, name))
    for name, target in LINKS.items():
        (dev / name).symlink_to(target)
    _folder_in_memory(dev / "shm", plan["shm_bytes"])
    _freeze(dev, recursive=False)


def _inside(root: Path, name: str) -> Path:
    return root / name.lstrip("/")


def _folder_in_memory(name: Path, size: int) -> None:
    name.mkdir(parents=True, exist_ok=True)
    _mount("tmpfs", str(name), "tmpfs", MS_NOSUID | MS_NODEV, f"mode=1777,size={size}")


def _bind(source: str, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if Path(source).is_dir():
        place.mkdir(exist_ok=True)
    else:
        place.touch()
    _mount(source, str(place), "", MS_BIND | MS_REC, "")


def _freeze(place: Path, *, recursive: bool) -> None:
    """Make a mount read-only, and those below it where the kernel can do that (Linux 5.12)."""
    attributes = struct.pack("<QQQQ", MS_RDONLY | MS_NOSUID, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    if libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, str(place).encode(), flags, attributes, len(attributes)):
        _mount("", str(place), "", MS_REMOUNT | MS_BIND | MS_RDONLY | os.statvfs(place).f_flag & 0xF, "")


def _mount(source: str, place: str, kind: str, flags: int, options: str) -> None:
    done = libc.mount(source.encode(), place.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())
    _check(done, f"mount {place}")


def _check(code: int, what: str) -> None:
    if code:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _loopback_up() -> None:
    """A profiler and the process that it watches talk over it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def _run(command: list[str]) -> int:
    child = os.fork()
    if child == 0:
        try:
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    null = os.open(os.devnull, os.O_RDWR)
    # As the first process it is no candidate's: it holds nothing of what was handed down but its own standard streams.
    for each in (0, 1, 2):
        os.dup2(null, each)
    os.closerange(3, 1 << 16)
    while True:
        pid, status = os.wait()
        if pid == child:
            return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


if __name__ == "__main__":
    main()
