"""Candidates that are built before their turn, while another one is judged or the model is still writing."""

from contextlib import suppress

import torch

from sandbox.child.card import CardError
from sandbox.evaluation import Candidate, SandboxError
from sandbox.guest import Ahead, Guest, Manner
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.spares import Nursery, go_on, pause
from sandbox.wire import Job
from tasks.task import TaskError

_ARENA_SHARE = 16
"""Shared memory of one part in so many of the card's is the most of which two are made."""
_TIMING_ITSELF = ("autotune", "bench", "torch.compile", "perf_counter", "Event(")


def times_itself(source: str) -> bool:
    """Whether a candidate may choose by the clock, as a tuner does; it then wants the card to itself.

    A label for its own good: one that hides it harms its own choice and nobody else's.
    """
    return any(each in source for each in _TIMING_ITSELF)


class Prepared:
    """At most so many of one task."""

    def __init__(self, nursery: Nursery, most: int) -> None:
        """Hold none yet."""
        self._nursery, self._most = nursery, most
        self._guests, self._wanted = dict[Candidate, Guest](), list[Job]()
        self.paused = False
        """Whether all stand still."""

    def want(self, job: Job) -> None:
        """Remember the hint; the oldest is dropped where there are too many."""
        if job.candidate not in self._guests and job not in self._wanted:
            self._wanted = [*self._wanted, job][-self._most :]

    def begin(self, reference: Reference, sets: int) -> None:
        """Let those build that are wanted for this task, as far as there is room, each with room for ``sets``."""
        if not self._nursery.private or not _fits(self._nursery, reference):
            self._wanted.clear()
        for job in [each for each in self._wanted if each.task == reference.task][: self._most - len(self._guests)]:
            self._wanted.remove(job)
            self.start(job.candidate, reference, sets)

    def start(self, candidate: Candidate, reference: Reference, sets: int) -> None:
        """Let one build, wanted or not; nothing where it is begun, or where there is no room for a second part."""
        if candidate in self._guests or not self._nursery.private or not _fits(self._nursery, reference):
            return
        manner = Manner(sets, ahead=self._ahead(candidate))
        # Where there is no memory for one that is built ahead, it hears of it when its turn has come.
        with suppress(SandboxError, TaskError, CardError, torch.OutOfMemoryError, MemoryError):
            self._guests[candidate] = Guest(candidate.source, reference, self._nursery, manner)

    def displace(self, turn: Candidate) -> None:
        """Make room for those that are wanted, and forget the hint for the one whose ``turn`` it is."""
        self._wanted = [each for each in self._wanted if each.candidate != turn]
        others = [each for each in self._guests if each != turn]
        while self._wanted and others and len(self._guests) >= self._most:
            self._guests.pop(others.pop(0)).close()

    def _ahead(self, candidate: Candidate) -> Ahead:
        # Without a card each configuration of a tuned kernel is checked in turn, and a call nobody looks at is lost.
        compiles = self._nursery.place.on_card and not times_itself(candidate.source)
        return Ahead.CALL if compiles else Ahead.BUILD

    def claim(self, candidate: Candidate, sets: int, timeout_s: float) -> Guest | None:
        """Give it, built, with the weights of now and room for ``sets``; None where it must be started anew.

        Raises Ruling for what its text alone brought about. Whatever else went wrong with it may be its company's
        fault: it is not blamed, but tried again by itself.
        """
        guest = self._guests.pop(candidate, None)
        if guest is None:
            return None
        if guest.exchange.sets != sets:
            guest.close()
            return None
        go_on([guest.spare])
        try:
            guest.build(timeout_s)
        except Ruling as ruling:
            guest.close()
            if ruling.of_its_text:
                raise
            return None
        return guest

    def has(self, candidate: Candidate) -> bool:
        """Whether it is begun."""
        return candidate in self._guests

    @property
    def living(self) -> bool:
        """Whether there is any."""
        return bool(self._guests)

    @property
    def under_way(self) -> bool:
        """Whether any is still being built."""
        return any(each.under_way for each in self._guests.values())

    def pause(self) -> None:
        """Let all stand still; what will not is killed."""
        self.paused = True
        pause(each.spare for each in self._guests.values())

    def go_on(self) -> None:
        """Let all run again."""
        if self.paused:
            self.paused = False
            go_on(each.spare for each in self._guests.values())

    def clear(self) -> None:
        """Kill all."""
        while self._guests:
            self._guests.popitem()[1].close()


def _fits(nursery: Nursery, reference: Reference) -> bool:
    place = nursery.place
    return not place.on_card or reference.size * _ARENA_SHARE <= place.gpu.dram_gb * 1e9
