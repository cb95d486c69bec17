"""Puts a candidate's launches, and the judge, on processors at full pace: a shared host slows now this, now that one.

Whom a virtual processor shares its core with cannot be seen from inside. On a machine with an H200 and 16 of them a
loop took 9 or 16 ms, and a burst of short kernels 1.0 or 1.6 ms, some 0.1 s long the one and then the other.
"""

import os
import random
import time
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from sandbox import cores
from sandbox.process_table import PROCESSOR, stat

_LAPS, _LAP = 4, 1000
"""Loops that are timed, and turns of each: some ten microseconds."""
_FULL = 1.2
"""A lap that takes so many times the shortest ever seen is still at full pace."""
_TRIES = 5
"""Processors that are looked at before a run: each look takes a tenth of a millisecond."""


def lap_ns(cpu: int) -> int:
    """Say how long a short loop takes on a processor; this thread stays there."""
    os.sched_setaffinity(0, {cpu})
    laps: list[int] = []
    for _ in range(_LAPS):
        begin = time.perf_counter_ns()
        for _ in range(_LAP):
            pass
        laps.append(time.perf_counter_ns() - begin)
    return min(laps)


class Pace:
    """Knows how fast processors can be."""

    def __init__(self, cpus: Collection[int], lap: Callable[[int], int] = lap_ns) -> None:
        """Look at each of them once."""
        self._lap = lap
        self._shortest = min(lap(each) for each in cpus)

    def choose(self, cpus: Collection[int], now: int) -> int:
        """Give ``now`` if it is at full pace, else another that is; the fastest of a few where none is found."""
        first = [now] if now in cpus else []
        others = [each for each in cpus if each != now]
        laps = dict[int, int]()
        for cpu in [*first, *random.sample(others, min(len(others), _TRIES - len(first)))]:
            laps[cpu] = self._lap(cpu)
            self._shortest = min(self._shortest, laps[cpu])
            if laps[cpu] <= _FULL * self._shortest:
                return cpu
        return min(laps, key=lambda each: laps[each])


@contextmanager
def paced(guest: int, split: cores.Cores) -> Generator[Callable[[], None]]:
    """Give what puts this thread, and the first one of the process ``guest``, on fast processors of their own.

    Call it before each run, while the guest stands still. Nothing moves where the processors are shared, or where the
    guest is not known (0).
    """
    if split.shared or not guest:
        yield lambda: None
        return
    own, pace, here = os.sched_getaffinity(0), Pace(split.all), min(split.judge)

    def place() -> None:
        nonlocal here
        here = pace.choose(split.judge, here)
        _keep(guest, {pace.choose(split.candidate, _processor(guest))})
        os.sched_setaffinity(0, {here})

    try:
        yield place
    finally:
        os.sched_setaffinity(0, own)
        with suppress(OSError):
            for thread in Path(f"/proc/{guest}/task").iterdir():  # those that it started meanwhile, too
                _keep(int(thread.name), split.candidate)


def _keep(pid: int, cpus: Collection[int]) -> None:
    # It may be gone, and a container's root may lack the right (CAP_SYS_NICE): then the system places it, as ever.
    with suppress(OSError):
        os.sched_setaffinity(pid, cpus)


def _processor(pid: int) -> int:
    with suppress(OSError):
        return int(stat(pid)[PROCESSOR])
    return -1
