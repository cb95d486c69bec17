"""The limits that go with a box around a candidate, in one place for all who start one."""

import os
from collections.abc import Mapping
from dataclasses import replace

from sandbox.isolation import FILE_BYTES, Isolation, host_memory_bytes, resident_bytes
from sandbox.leashed import Box

MOST_SHARED = 1 << 30
"""Bytes of inputs, weights and outputs that a task may have without a card: a quarter of a candidate's own memory."""
_TASKS, _TASKS_PER_CORE = 512, 8


def boxed(isolation: Isolation, environment: Mapping[str, str], *, on_card: bool, shared_bytes: int = 0) -> Box:
    """Give a box with every limit set; ``shared_bytes`` of memory are the judge's and come on top.

    Address space is bounded without a card only: CUDA reserves it freely.
    """
    address_space = 0 if on_card else host_memory_bytes() + shared_bytes
    resident = (resident_bytes() if on_card else host_memory_bytes()) + shared_bytes
    # Libraries start one thread a core, several times over.
    tasks = _TASKS + _TASKS_PER_CORE * (os.cpu_count() or 1)
    return Box(isolation, environment, address_space, FILE_BYTES, resident, tasks)


def waiting(isolation: Isolation, environment: Mapping[str, str], *, on_card: bool) -> Box:
    """Give the box of a process that is started before its candidate is known: it bounds its address space itself."""
    box = boxed(isolation, environment, on_card=on_card, shared_bytes=0 if on_card else MOST_SHARED)
    return replace(box, address_space=0)
