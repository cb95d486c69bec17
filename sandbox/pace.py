"""Puts a candidate's launches, and the judge, on processors at full pace: a shared host slows now this, now that one.

Whom a virtual processor shares its core with cannot be seen from inside. On a machine with an H200 and 16 of them a
loop took 9 or 16 ms, and a burst of short kernels 1.0 or 1.6 ms, some 0.1 s long the one and then the other.
"""

import os
import random
import time
from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path

from sandbox import cores
from sandbox.frozen import descendants

_LAPS, _LAP = 4, 1000
"""Loops that are timed, and turns of each: some ten microseconds."""
_FULL = 1.2
"""A lap that takes so many times the shortest ever seen is still at full pace."""
_TRIES = 5
"""Processors that are looked at before a run: each look takes a tenth of a millisecond."""
_USER_TIME, _PROCESSOR = 11, 36
"""Fields of /proc/PID/stat behind the command's name (proc(5))."""


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
    """Knows how fast these processors can be."""

    def __init__(self, cpus: Iterable[int], lap: Callable[[int], int] = lap_ns) -> None:
        """Look at each once."""
        self._cpus, self._lap = sorted(cpus), lap
        self._shortest = min(lap(each) for each in self._cpus)

    def choose(self, now: int, barred: Collection[int] = ()) -> int:
        """Give ``now`` if it is at full pace, else one that is; the fastest of a few where none is found.

        None that is ``barred``, if there are others.
        """
        free = [each for each in self._cpus if each not in barred] or self._cpus
        first = [each for each in free if each == now]
        others = [each for each in free if each != now]
        laps = dict[int, int]()
        for cpu in [*first, *random.sample(others, min(len(others), _TRIES - len(first)))]:
            laps[cpu] = self._lap(cpu)
            self._shortest = min(self._shortest, laps[cpu])
            if laps[cpu] <= _FULL * self._shortest:
                return cpu
        return min(laps, key=lambda each: laps[each])


@contextmanager
def paced(leash: int) -> Generator[Callable[[], None]]:
    """Give what puts this thread onto a fast processor, and onto another core who worked most below ``leash``.

    Of that process it is the first thread alone. Call it before each run; afterwards all is as before.
    """
    own, theirs = os.sched_getaffinity(0), cores.of_card().candidate
    working = [each for each, _ in descendants([leash])[leash]]
    guests = sorted(working, key=lambda each: _stat(each, _USER_TIME))[-1:]
    pace = Pace(cores.of_card().all)
    here = min(own)

    def place() -> None:
        nonlocal here
        here = pace.choose(here)
        for guest in guests:
            _keep(guest, {pace.choose(_stat(guest, _PROCESSOR), cores.siblings(here))})
        os.sched_setaffinity(0, {here})

    try:
        yield place
    finally:
        os.sched_setaffinity(0, own)
        for guest in guests:
            _keep(guest, theirs)


def _keep(pid: int, cpus: Collection[int]) -> None:
    with suppress(OSError):  # it is gone, which whoever waits for it finds out
        os.sched_setaffinity(pid, cpus)


def _stat(pid: int, field: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[field])
    return 0
