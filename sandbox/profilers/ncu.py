"""Reads a candidate's counters with Nsight Compute."""

import os
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sandbox.boxed import boxed
from sandbox.child.setup import Setup, packed
from sandbox.counters import ELSEWHERE, Counter, as_usual
from sandbox.isolation import strongest
from sandbox.leashed import Child, module_command
from sandbox.metrics import CounterSource, NcuMetrics
from sandbox.profilers import ncu_command
from sandbox.profilers.launches import Launch, by_kernel
from sandbox.profilers.ncu_csv import read
from sandbox.profilers.own_kernels import own_kernels

TIMEOUT_S = 300.0
"""For all runs of it together; whatever still runs then is killed with all that it started."""
SHARE_OF_ALL = 0.6
"""Of the deadline, for counting every kernel; the rest is left for the candidate's own alone."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is run under the profiler."""

    setup: Setup
    arena: int
    """Descriptor of a memfd on the host that holds weights and inputs."""
    base_clocks: bool = False
    """Let it hold the card at its base clocks."""


@dataclass(frozen=True, slots=True)
class _Run:
    launches: list[Launch]
    said: str
    """All that it and the candidate printed, to the end that is kept."""
    timed_out: bool


def profile(watched: Watched, counters: tuple[str, ...], timeout_s: float = TIMEOUT_S) -> NcuMetrics | str:
    """Give the counters of one call, by kernel; or, in one line, why there are none and what to do.

    The candidate's own kernels stand under their names, all others together under ``REST``; where counting every kernel
    takes too long, only its own are counted. Counters that this card or this version does not know are ``missing``.
    Raises SandboxError where no process can be started.
    """
    ncu = ncu_command.program()
    if ncu is None:
        return ncu_command.NOT_INSTALLED
    own = own_kernels(watched.setup.source)
    deadline = time.monotonic() + timeout_s
    first = deadline - (1 - SHARE_OF_ALL) * timeout_s if own else deadline
    made, names = _known(ncu, watched, _names(counters), (), first)
    if made.timed_out and own:
        made, names = _known(ncu, watched, names, own, deadline)
    if made.timed_out:  # what it had written by then is not all launches, and sums over some mislead
        return f"Nsight Compute came to no end within {timeout_s:g} s and was stopped"
    if not made.launches:
        return ncu_command.reason(made.said)
    found = {name: as_usual(values) for name, values in by_kernel(made.launches, own).items()}
    missing = tuple(each for each in counters if not any(each in values for values in found.values()))
    return NcuMetrics(found, CounterSource.NCU, missing)


def _names(counters: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*map(str, counters), str(Counter.DURATION)]))


def _known(
    ncu: str, watched: Watched, names: list[str], only: Collection[str], deadline: float
) -> tuple[_Run, list[str]]:
    """Run it without the counters that it does not know, which it tells by refusing them all; gives the names left."""
    while True:
        made = _run(ncu, watched, names, only, max(0.0, deadline - time.monotonic()))
        strangers = ncu_command.unknown(made.said, names)
        fewer = list(dict.fromkeys(_without(names, strangers)))
        if made.launches or made.timed_out or not strangers or not fewer:
            return made, names
        names = fewer


def _without(names: Sequence[str], strangers: Collection[str]) -> Iterator[str]:
    """Replace each counter that is not known by the names that it has elsewhere."""
    for each in names:
        if each in strangers:
            yield from (other for other in ELSEWHERE.get(each, ()) if other not in strangers)
        else:
            yield each


def _run(ncu: str, watched: Watched, names: list[str], only: Collection[str], timeout_s: float) -> _Run:
    table = os.memfd_create("counters")
    command = ncu_command.command(ncu, table, names, only, base_clocks=watched.base_clocks)
    command += module_command("sandbox.child.profiled", str(watched.arena))
    with tempfile.TemporaryFile() as stdin, os.fdopen(table, "rb") as written:
        stdin.write(packed(watched.setup))
        stdin.seek(0)
        box = boxed(strongest(counters=True), {}, on_card=True)
        child = Child(command, box, fds=(watched.arena, table), stdin=stdin.fileno())
        try:
            ended = child.wait(timeout_s)
        finally:
            child.kill()
        written.seek(0)
        text = written.read().decode(errors="replace")
    return _Run(read(text), f"{child.tail}\n{text}", not ended)
