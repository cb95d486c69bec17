"""Which processors the judge's clock spins on, and which are the candidate's: never two threads of one core.

Each card of a machine has an equal part of the processors, for each has a judge of its own that spins.
"""

import functools
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sandbox import nvml

_SIBLINGS = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
FEWEST = 4
"""Processors below which nothing is set aside."""


def siblings(cpu: int, pattern: str = _SIBLINGS) -> frozenset[int]:
    """Give the hardware threads of a processor's core, itself among them, from Linux's list (``0-1`` or ``0,8``)."""
    file = Path(pattern.format(cpu))
    found = {cpu}
    for part in file.read_text().strip().split(",") if file.exists() else ():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def shares(cpus: frozenset[int], pattern: str = _SIBLINGS) -> tuple[frozenset[int], frozenset[int]]:
    """Split processors into the judge's core, the last one, and the candidate's; both get all where they are few."""
    if len(cpus) < FEWEST:
        return cpus, cpus
    judges = siblings(max(cpus), pattern) & cpus
    return frozenset({max(cpus)}), cpus - judges


def part(cpus: frozenset[int], card: int, cards: int, pattern: str = _SIBLINGS) -> frozenset[int]:
    """Give one of ``cards`` cards its part of the processors, whole cores; all of them where a part would be few."""
    cores = sorted({siblings(cpu, pattern) & cpus for cpu in cpus}, key=min)
    own = cores[len(cores) * card // cards : len(cores) * (card + 1) // cards]
    found = frozenset[int]().union(*own)
    return found if len(found) >= FEWEST else cpus


@functools.cache
def allowed() -> frozenset[int]:
    """Give the card's part of what this process might run on when it was first asked, before any pinning."""
    return part(frozenset(os.sched_getaffinity(0)), *nvml.one_of())


@contextmanager
def on_own_core() -> Generator[None]:
    """Keep this thread on the judge's core for the block: on a candidate's it would slow what it times."""
    os.sched_setaffinity(0, shares(allowed())[0])
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed())
