"""Stops a process's descendants, all of them, also those that left its group; and lets them go on."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_PATIENCE_S, _PAUSE_S = 2.0, 5e-4
_STILL = "TtZXx"
"""States of a process in which it does nothing."""


def freeze(pid: int) -> bool:
    """Stop every descendant and wait until each stands still; False where one does not within two seconds.

    One that was started between two looks is found by the next: its parent stands still by then.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while moving := [each for each, state in _descendants(pid) if state not in _STILL]:
        if time.monotonic() > deadline:
            return False
        _signal(moving, signal.SIGSTOP)
        time.sleep(_PAUSE_S)
    return True


def thaw(pid: int) -> None:
    """Let every descendant go on."""
    _signal([each for each, _ in _descendants(pid)], signal.SIGCONT)


def _signal(pids: list[int], number: int) -> None:
    for each in pids:
        with suppress(ProcessLookupError):
            os.kill(each, number)


def _descendants(pid: int) -> list[tuple[int, str]]:
    """Give pid and state of each."""
    states, children = dict[int, str](), dict[int, list[int]]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The command's name stands in parentheses and may hold anything; state and parent are what follows it.
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            own = int(stat.parent.name)
            states[own] = state
            children.setdefault(int(parent), []).append(own)
    found, unseen = list[int](), [pid]
    while unseen:
        below = children.get(unseen.pop(), [])
        found += below
        unseen += below
    return [(each, states[each]) for each in found]
