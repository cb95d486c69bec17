"""Stops a process's descendants, all of them, also those that left its group; and lets them go on."""

import itertools
import os
import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

_PATIENCE_S, _PAUSE_S = 2.0, 5e-4
_STILL = "TtZXx"
"""States of a process in which it does nothing."""


def freeze(*pids: int) -> set[int]:
    """Stop all descendants of these and wait until each stands still; gives those whose do not within two seconds.

    One that was started between two looks is found by the next: its parent stands still by then.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while moving := {pid: running for pid, running in _moving(pids).items() if running}:
        if time.monotonic() > deadline:
            break
        _signal(itertools.chain(*moving.values()), signal.SIGSTOP)
        time.sleep(_PAUSE_S)
    return set(moving)


def thaw(*pids: int) -> None:
    """Let every descendant of these go on."""
    _signal((each for found in descendants(pids).values() for each, _ in found), signal.SIGCONT)


def _moving(pids: Iterable[int]) -> dict[int, list[int]]:
    found = descendants(pids)
    return {pid: [each for each, state in below if state not in _STILL] for pid, below in found.items()}


def _signal(pids: Iterable[int], number: int) -> None:
    for each in pids:
        with suppress(ProcessLookupError):
            os.kill(each, number)


def descendants(pids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Give pid and state of each one below each of these, parents first, from one look at all processes."""
    states, children = dict[int, str](), dict[int, list[int]]()
    for own in (int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()):
        with suppress(OSError):  # it is gone
            # The command's name stands in parentheses and may hold anything; state and parent are what follows it.
            state, parent = Path(f"/proc/{own}/stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
            states[own] = state
            children.setdefault(int(parent), []).append(own)
    return {pid: [(each, states[each]) for each in _below(pid, children)] for pid in pids}


def _below(pid: int, children: Mapping[int, list[int]]) -> list[int]:
    found, unseen = list[int](), [pid]
    while unseen:
        below = children.get(unseen.pop(), [])
        found += below
        unseen += below
    return found
