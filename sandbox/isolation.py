"""What a candidate is kept from on this machine, found by trying."""

import functools
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox.visible import PACKAGES, SCRATCH, view
from sandbox.wrappers import NOBODY, bubblewrap, own_network, unprivileged, util_linux

KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
FILE_BYTES = 2 << 30
"""Largest file that a candidate may write."""

_ROOT = Path(__file__).parent.parent
_OF_LIBRARIES, _OF_ITS_OWN = 4 << 30, 4 << 30
_PROBE = _ROOT / "sandbox" / "child" / "probe.py"
_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Isolation:
    """A command line to put before a candidate's, and what it leaves open."""

    prefix: tuple[str, ...]
    unprotected: tuple[str, ...]
    """In words for people, for example ``network``."""
    name: str = "a plain child"
    """Of the programs that build it, for people."""
    scratch: str = ""
    """Where a candidate's own folder lies, in a file system of the box's own; empty where it is a folder of ours."""
    owner: int | None = None
    """User that a folder of ours must belong to, to be written by the candidate; None for the one who runs this."""


NONE = Isolation((), ("network", "other processes", "files"))
"""No box at all: for our own processes."""


@functools.cache
def strongest(*, own_pids: bool = True, counters: bool = False) -> Isolation:
    """Find the first rung of the ladder that works here.

    ``own_pids=False`` leaves out namespaces of process ids, across which some drivers share no memory. ``counters``
    lets the driver show a profiler the card's counters, where that takes a capability.
    """
    for rung in ladder(own_pids=own_pids, counters=counters):
        if (filtered := attempt(rung)) is not None:
            return rung if filtered else without_filter(rung)
    return NONE


def ladder(*, own_pids: bool = True, counters: bool = False) -> Iterator[Isolation]:
    """Give every rung whose programs are here, strongest first; whether it works is for ``attempt`` to say."""
    powerless = unprivileged(as_nobody=False)
    nobody = unprivileged(as_nobody=True, counters=counters)
    # In a user's own namespace some containers refuse a fresh /proc, and without that there are no ids of its own.
    for pids in (True, False) if own_pids else (False,):
        yield from _with_walls(nobody, powerless, own_pids=pids)
    if nobody:
        unprotected = ("local sockets", "other candidates", "files that everybody may read")
        yield Isolation(nobody, unprotected, "setpriv alone", owner=NOBODY)
    if (network := own_network(own_users=True)) and powerless:
        yield Isolation((*network, *powerless), ("other processes", "files"), "unshare, its network alone")
    yield Isolation((), ("local sockets", "other processes", "files"))


def _with_walls(nobody: tuple[str, ...], powerless: tuple[str, ...], *, own_pids: bool) -> Iterator[Isolation]:
    # Whoever sees a process of the same user sees that process's files.
    of_nobody, of_us = ((), ()) if own_pids else (("other processes",), ("other processes", "files"))
    wrap, unshare = functools.partial(bubblewrap, view()), functools.partial(util_linux, view())
    # Real ids first; a container's root may lack the right, and have it in a user namespace of its own.
    rungs = (
        ("bubblewrap and setpriv", wrap(own_users=False, own_pids=own_pids), nobody, of_nobody),
        ("unshare and setpriv", unshare(own_users=False, own_pids=own_pids), nobody, of_nobody),
        ("bubblewrap as a user", wrap(own_users=True, own_pids=own_pids), None, of_us),
        ("unshare as a user", unshare(own_users=True, own_pids=own_pids), powerless, of_us),
    )
    for name, outer, inner, unprotected in rungs:
        if outer and inner != ():
            said = name if own_pids else f"{name}, ids shared"
            yield Isolation((*outer, *(inner or ())), unprotected, said, SCRATCH)


def attempt(rung: Isolation) -> bool | None:
    """Start our interpreter on a rung; gives whether system calls can be filtered there, None where the rung fails."""
    packages = [name for name in PACKAGES if importlib.util.find_spec(name)]
    with tempfile.TemporaryDirectory(prefix="kernelwright-") as scratch:
        environment = handed_over(rung, Path(scratch))
        told = str(_ROOT), sys.prefix, sys.base_prefix, *packages
        command = [*rung.prefix, sys.executable, "-I", "-c", _PROBE.read_text(), *told]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=_PATIENCE_S, check=False, cwd=scratch, env=environment
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    return None if done.returncode else b"filtered" in done.stdout


def without_filter(rung: Isolation) -> Isolation:
    """Say what a rung leaves open where no filter takes system calls away."""
    shared = "local sockets" in rung.unprotected
    others = tuple(each for each in rung.unprotected if each != "local sockets")
    return replace(rung, unprotected=(*(("network",) if shared else ()), *others, "system calls"))


def handed_over(isolation: Isolation, folder: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give ``folder`` to whom the box makes of a candidate, and give the child's environment."""
    if isolation.owner is not None:
        os.chown(folder, isolation.owner, isolation.owner)
    return scrubbed(Path(isolation.scratch or folder), extra or {})


def host_memory_bytes() -> int:
    """Give the address space of a child without a card: 4 GiB, or half of this machine's memory, and the libraries'."""
    return min(_OF_ITS_OWN, _machine_bytes() // 2) + _OF_LIBRARIES


def resident_bytes() -> int:
    """Give what all processes of a child may hold of this machine's memory: half of it."""
    return _machine_bytes() // 2


def _machine_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def scrubbed(scratch: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """Give a child's whole environment: no key or home of the user's; caches and temporary files in ``scratch``."""
    kept = {key: value for key, value in os.environ.items() if key in KEPT or key.startswith("TRITON_")}
    own = {
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        # Libraries that name a cache after the user ask this first, and some user ids have no name.
        "USER": "candidate",
        "TRITON_CACHE_DIR": str(scratch / "triton"),
        "TRITON_HOME": str(scratch),
        # Stated, not left to the default: a fused multiply-add is part of what is judged.
        "TRITON_DEFAULT_FP_FUSION": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    kept.pop("TRITON_INTERPRET", None)
    return {**kept, **own, **extra}
