"""Walks over the stages in their order: how many were begun, and what the latest one came to."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.attempt import Attempt
from agent.history import History


@dataclass(frozen=True, slots=True)
class Pass:
    """The latest walk over the stages."""

    number: int = 0
    """1 for the first; 0 while none was begun."""
    first: int = 0
    """Number of the attempt that began it."""
    place: int = -1
    """Of the stage that was asked last, in the order of the stages; -1 while none was."""

    def won_nothing(self, best: Attempt) -> bool:
        """Whether there was such a walk, and the best is older than it."""
        return self.number > 0 and best.number < self.first


def latest_pass(stages: Sequence[str], history: History) -> Pass:
    """Find where a history stands: a stage that does not come after the one before it begins a new pass."""
    order = {name: place for place, name in enumerate(stages)}
    found = Pass()
    for attempt in history.attempts:
        place = order.get(attempt.proposal.stage)
        if place is None or attempt.proposal.again:
            continue
        if found.number == 0 or place <= found.place:
            found = Pass(found.number + 1, attempt.number, place)
        else:
            found = Pass(found.number, found.first, place)
    return found
