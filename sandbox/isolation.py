"""What a candidate is kept from on this machine, found by trying."""

import functools
import itertools
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
FILE_BYTES = 2 << 30
"""Largest file that a candidate may write."""

_OF_LIBRARIES, _OF_ITS_OWN = 4 << 30, 4 << 30


@dataclass(frozen=True, slots=True)
class Isolation:
    """A command line to put before a candidate's, and what it leaves open."""

    prefix: tuple[str, ...]
    unprotected: tuple[str, ...]
    """In words for people, for example ``network``."""


NONE = Isolation((), ("network", "other processes", "files"))

_AS_USER = ("--user", "--map-root-user")
_NEW_PIDS = ("--pid", "--fork", "--kill-child")
_LADDER = (
    (("--net", *_NEW_PIDS, "--mount-proc"), ("files",)),
    (("--net", *_NEW_PIDS), ("other processes", "files")),
    (("--net",), ("other processes", "files")),
    ((*_NEW_PIDS, "--mount-proc"), ("network", "files")),
)


@functools.cache
def strongest(*, own_pids: bool = True) -> Isolation:
    """Find the first of a ladder of namespaces that this machine lets us make; ``NONE`` where it lets us make none.

    ``own_pids=False`` leaves out namespaces of process ids, across which some drivers share no memory.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        return NONE
    # A container's root may lack the right, and have it in a user namespace of its own.
    users = ((), _AS_USER) if os.geteuid() == 0 else (_AS_USER,)
    for (flags, unprotected), user in itertools.product(_LADDER, users):
        prefix = (unshare, *user, *flags, "--")
        if (own_pids or "--pid" not in flags) and _works(prefix):
            return Isolation(prefix, unprotected)
    return NONE


def _works(prefix: tuple[str, ...]) -> bool:
    try:
        return subprocess.run([*prefix, "true"], capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def host_memory_bytes() -> int:
    """Give the address space of a child without a card: 4 GiB, or half of this machine's memory, and the libraries'."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(_OF_ITS_OWN, machine // 2) + _OF_LIBRARIES


def scrubbed(scratch: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """Give a child's whole environment: no key or home of the user's; caches and temporary files in ``scratch``."""
    kept = {key: value for key, value in os.environ.items() if key in KEPT or key.startswith("TRITON_")}
    own = {
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "TRITON_CACHE_DIR": str(scratch / "triton"),
        "TRITON_HOME": str(scratch),
        # Stated, not left to the default: a fused multiply-add is part of what is judged.
        "TRITON_DEFAULT_FP_FUSION": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    kept.pop("TRITON_INTERPRET", None)
    return {**kept, **own, **extra}
