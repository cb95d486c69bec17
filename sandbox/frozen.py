"""Stops a process's descendants, all of them, also those that left its group; and lets them go on."""

import itertools
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress

from sandbox.process_table import descendants

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
