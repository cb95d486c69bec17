"""Where the time of an evaluation goes: each moment counts for one phase, the innermost that is open."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sandbox.phases import Phase, Phases


class Stopwatch:
    """Adds up wall time by phase. What the card still does when the host goes on counts where it is waited for."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._spent, self._open = dict[Phase, int](), list[Phase]()
        self._begin = self._since = time.perf_counter_ns()

    @contextmanager
    def lap(self, phase: Phase) -> Generator[None]:
        """Count the block for ``phase``, without what is a lap of its own in it."""
        self._count()
        self._open.append(phase)
        try:
            yield
        finally:
            self._count()
            self._open.pop()

    def add(self, phase: Phase, nanoseconds: int) -> None:
        """Count time that another process says it took, beside the wall time."""
        self._spent[phase] = self._spent.get(phase, 0) + max(0, nanoseconds)

    def restart(self) -> None:
        """Begin at nothing again."""
        self._spent.clear()
        self._begin = self._since = time.perf_counter_ns()

    def read(self, *, prepared: bool) -> Phases:
        """Give what was counted since the start."""
        spent = {f"{phase}_ms": nanoseconds / 1e6 for phase, nanoseconds in self._spent.items()}
        return Phases(**spent, total_ms=(time.perf_counter_ns() - self._begin) / 1e6, prepared=prepared)

    def _count(self) -> None:
        now = time.perf_counter_ns()
        if self._open:
            self.add(self._open[-1], now - self._since)
        self._since = now


class Watched(Protocol):
    """Has a stopwatch."""

    watch: Stopwatch


_Self = TypeVar("_Self", bound=Watched)
_P = ParamSpec("_P")
_R = TypeVar("_R")


def counted(phase: Phase) -> Callable[[Callable[Concatenate[_Self, _P], _R]], Callable[Concatenate[_Self, _P], _R]]:
    """Count every call of a method for ``phase`` on its object's own watch."""

    def counting(method: Callable[Concatenate[_Self, _P], _R]) -> Callable[Concatenate[_Self, _P], _R]:
        @wraps(method)
        def call(self: _Self, *args: _P.args, **kwargs: _P.kwargs) -> _R:
            with self.watch.lap(phase):
                return method(self, *args, **kwargs)

        return call

    return counting
