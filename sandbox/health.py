"""Is the card still as it was? A kernel whose answer is known, the time it takes, and the memory in use."""

import statistics
import time
from typing import Protocol

import torch

from sandbox import nvml
from sandbox.devices import Place

_RUNS, _CALIBRATING = 5, 50
_PATIENCE_S, _SETTLING_S = 5.0, 2.0
_SLICE_MS = 1.0
"""Later than usual by this much, a kernel has waited for another process's, whose slices are about 2 ms long."""
_SLACK = 1 << 30
"""Bytes by which this process's own context may grow as it loads kernels."""
_SHARE = 4
"""A candidate that is built ahead may hold one part in so many of the card's memory."""


class Probe(Protocol):
    """Looks after a card, or after none."""

    def unwell(self, *, company: bool) -> str:
        """Say in one line what is wrong, empty where nothing is; ``company`` of candidates built ahead is there."""
        ...

    def crowded(self) -> bool:
        """Whether others hold more of the card's memory than candidates that are built ahead may."""
        ...

    def settled(self) -> bool:
        """Wait until nothing but this process uses the card; False where that does not come about."""
        ...


class NoCard:
    """There is none; whoever can answer is well."""

    def unwell(self, *, company: bool) -> str:
        """Nothing is wrong."""
        return ""

    def crowded(self) -> bool:
        """Memory of the host has limits of its own."""
        return False

    def settled(self) -> bool:
        """Whoever stands still uses nothing."""
        return True


class CardProbe:
    """The first look is the measure for the later ones, so it is taken alone on the card."""

    def __init__(self) -> None:
        """Make the context and learn what is usual; raises RuntimeError where the card gives no right answer."""
        self._numbers = torch.arange(1 << 20, device="cuda")
        self._right = 3 * ((1 << 20) * ((1 << 20) - 1) // 2) + (1 << 20)
        times = [self._run(time.monotonic() + _PATIENCE_S) for _ in range(_CALIBRATING)]
        self._usual_ms = statistics.median(times)
        self._held = self._held_by_others()

    def unwell(self, *, company: bool) -> str:
        """Look at answers, times and memory, for five seconds at most; raises RuntimeError for a wrong answer."""
        deadline, most = time.monotonic() + _PATIENCE_S, self._allowed() if company else _SLACK
        while (slowest := self._slowest(deadline)) > self._usual_ms + _SLICE_MS:
            if time.monotonic() > deadline:
                return f"a kernel that took {self._usual_ms:.3g} ms takes {slowest:.3g} ms"
        while (more := self._held_by_others() - self._held) > most:
            if time.monotonic() > deadline:
                return f"{more >> 20} MiB of its memory did not come back"
            time.sleep(0.02)
        if not company:
            self._held += max(0, more)  # what its own context has grown by
        return ""

    def crowded(self) -> bool:
        """Compare what others hold with what they held at first."""
        return self._held_by_others() - self._held > self._allowed()

    def _allowed(self) -> int:
        return _SLACK + torch.cuda.mem_get_info()[1] // _SHARE

    def settled(self) -> bool:
        """Run the kernel until it never waits for another's: a process that stands still may have left some running."""
        deadline = time.monotonic() + _SETTLING_S
        try:
            while self._slowest(deadline) > self._usual_ms + _SLICE_MS:
                if time.monotonic() > deadline:
                    return False
        except RuntimeError:  # it did not end, or worse: the next look says what is wrong
            return False
        return True

    def _slowest(self, deadline: float) -> float:
        return max(self._run(deadline) for _ in range(_RUNS))

    def _run(self, deadline: float) -> float:
        """Give milliseconds; raises RuntimeError for a wrong answer, or none by the deadline."""
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        answer = (self._numbers * 3 + 1).sum()
        end.record()
        while not end.query():
            if time.monotonic() > deadline:
                raise RuntimeError("a small kernel does not end")
        if int(answer) != self._right:
            raise RuntimeError(f"a sum of integers is {int(answer)} and must be {self._right}")
        return begin.elapsed_time(end)

    @staticmethod
    def _held_by_others() -> int:
        """Bytes in use beyond torch's pools of this process."""
        torch.cuda.empty_cache()
        free, total = torch.cuda.mem_get_info()
        return total - free - torch.cuda.memory_reserved()


def strangers(place: Place) -> tuple[str, ...]:
    """Name the processes on the card, before any of ours is there, as a note; nothing where there are none."""
    found = nvml.processes() if place.on_card else []
    return (f"other processes on the card: {', '.join(found)}",) if found else ()
