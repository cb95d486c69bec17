"""What the system says of its processes: who started whom, and where each runs."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

PROCESSOR = 36
"""Field of ``stat``: where it ran last."""


def stat(pid: int) -> list[str]:
    """Give the fields of /proc/PID/stat behind the command's name (proc(5)), the first of them its state.

    Raises OSError where there is no such process.
    """
    # The name stands in parentheses and may hold anything.
    return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()


def descendants(pids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Give pid and state of each one below each of these, parents first, from one look at all processes."""
    states, children = dict[int, str](), dict[int, list[int]]()
    for own in (int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()):
        with suppress(OSError):  # it is gone
            state, parent = stat(own)[:2]
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
