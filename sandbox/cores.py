"""Which processors the judge's clock spins on, and which are the candidate's: never two threads of one core.

Each card of a machine has an equal part of the processors, for each has a judge of its own that spins.
"""

import functools
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox import nvml

_SIBLINGS = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
FEWEST = 4
"""Processors below which nothing is set aside."""
_CORES_A_JUDGE, _MOST_JUDGES = 4, 3
"""One core in so many is the judge's, which uses one at a time, the fastest; and so many at most."""


def siblings(cpu: int, pattern: str = _SIBLINGS) -> frozenset[int]:
    """Give the hardware threads of a processor's core, itself among them, from Linux's list (``0-1`` or ``0,8``)."""
    file = Path(pattern.format(cpu))
    found = {cpu}
    for item in file.read_text().strip().split(",") if file.exists() else ():
        first, _, last = item.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Cores:
    """The processors of one card."""

    judge: frozenset[int]
    """Where the clock spins, on one of them at a time."""
    candidate: frozenset[int]
    shared: bool = False
    """Whether the judge or other cards' candidates run on those of the candidate, too."""

    @property
    def all(self) -> frozenset[int]:
        """Both."""
        return self.judge | self.candidate


def split(cpus: frozenset[int], card: int = 0, cards: int = 1, pattern: str = _SIBLINGS) -> Cores:
    """Split what there is: whole cores, an equal part for each card, and in each part the last cores for the judge.

    Where a part would be few, candidates share all but a core for each judge. Where all are few, so does everybody.
    """
    cores = sorted({siblings(cpu, pattern) & cpus for cpu in cpus}, key=min)
    if len(cpus) < FEWEST or len(cores) <= cards:
        return Cores(cpus, cpus, shared=True)
    if len(cpus) * (len(cores) // cards) < FEWEST * len(cores):
        judges = cores[-cards:]
        return Cores(frozenset({max(judges[card])}), cpus.difference(*judges), shared=True)
    own = cores[len(cores) * card // cards : len(cores) * (card + 1) // cards]
    kept = max(1, min(_MOST_JUDGES, len(own) // _CORES_A_JUDGE))
    return Cores(frozenset(max(each) for each in own[-kept:]), frozenset[int]().union(*own[:-kept]))


@functools.cache
def of_card() -> Cores:
    """Give those of this process's card, of all that it might run on when it was first asked."""
    return split(frozenset(os.sched_getaffinity(0)), *nvml.one_of())


def keep_to() -> None:
    """Keep this process, and all that it starts from now on, to its card's processors."""
    os.sched_setaffinity(0, of_card().all)


@contextmanager
def on_own_core() -> Generator[None]:
    """Keep this thread on the judge's cores for the block: on a candidate's it would slow what it times."""
    os.sched_setaffinity(0, of_card().judge)
    try:
        yield
    finally:
        keep_to()
