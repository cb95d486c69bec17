"""The rungs of the ladder that have walls, for tests that try to get over them."""

import functools
import select
import sys
import time

import pytest

from sandbox.boxed import boxed
from sandbox.isolation import attempt, ladder
from sandbox.leashed import ROOT, Child

PYTHON = [sys.executable, "-I", "-c"]
FILTERED = (
    f"import sys; sys.path.insert(0, {ROOT!r})\n"
    "from sandbox.child.denied import ALONE, ALWAYS, deny\nassert deny(ALWAYS, ALONE) == ''\n"
)
NAMES = ("bubblewrap and setpriv", "unshare and setpriv", "bubblewrap as a user", "unshare as a user")
each_rung = pytest.mark.parametrize("name", NAMES)


@functools.cache
def _found():
    return {rung.name: rung for rung in ladder() if rung.name in NAMES and attempt(rung)}


def rung_named(name):
    if name not in _found():
        pytest.skip(f"this machine has no {name}")
    return _found()[name]


def rung_of_ladder(name):
    rung = next(each for each in ladder() if each.name == name)
    if not attempt(rung):
        pytest.skip(f"this machine does not allow {name}")
    return rung


def box_of(rung):
    return boxed(rung, {}, on_card=False)


def said(box, source, *arguments, seconds=120, fds=()):
    """What a boxed program printed, without its end's newline, and how it ended."""
    child = Child([*PYTHON, source, *arguments], box, fds=fds)
    assert child.wait(seconds), child.tail
    status = child.kill()
    return child.tail, status


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        select.select([], [], [], 0.01)
