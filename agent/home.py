"""The folder that holds a user's state: made when missing, refused where SQLite could not keep it safe."""

import os
from pathlib import Path

NETWORK_DRIVES = frozenset(
    ("9p", "afs", "beegfs", "ceph", "cifs", "fuse.ceph", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "glusterfs")
    + ("gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs")
)
"""File systems whose locks or shared memory do not reach from one machine to the next, as a write-ahead log needs."""

MOUNTS = Path("/proc/self/mounts")


class HomeError(Exception):
    """The folder cannot be made, or lies where state cannot be kept safe; one line."""


def usual_home() -> Path:
    """The folder that holds a user's state where none is named; not yet made."""
    return Path(os.environ.get("KERNELWRIGHT_HOME") or ".kernelwright")


def prepared(home: Path, mounts: Path = MOUNTS) -> Path:
    """Make the folder if need be and return its absolute path; raises HomeError. ``mounts`` lists mounted drives."""
    home = checked(home, mounts)
    try:
        (home / "locks").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise HomeError(f"cannot make {home}: {reason}; name another folder with --home") from error
    return home


def checked(home: Path, mounts: Path = MOUNTS) -> Path:
    """Return the folder's absolute path, made or not; raises HomeError where it lies on a network drive."""
    home = home.expanduser().resolve()
    drive = _file_system(home, mounts.read_text()) if mounts.exists() else ""
    if drive in NETWORK_DRIVES:
        raise HomeError(
            f"{home} lies on a network drive ({drive}), where a journal could be damaged; "
            "name a folder on a local disk with --home or KERNELWRIGHT_HOME"
        )
    return home


def _file_system(folder: Path, table: str) -> str:
    """Type of the drive that holds ``folder``: of all mount points above it the longest, the latest of equals."""
    best, kind = -1, ""
    for line in table.splitlines():
        fields = line.split()
        point = fields[1].encode().decode("unicode_escape")  # a blank in a mount point is written \040
        if folder.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), fields[2]
    return kind
