"""Search. A policy is a pure function of the history and of what is left: same past, same next move, so a run resumes
by itself.
"""

from collections.abc import Sequence
from typing import Protocol

from agent.attempt import Proposal
from agent.history import History


class Policy(Protocol):
    """Decides what to try next. A module that defines ``make(stages, **options) -> Policy`` is one."""

    def propose(self, history: History, left: int) -> Sequence[Proposal]:
        """Return the next round's moves, all asked from this history; none means that nothing is left to try.

        ``left`` answers may still be asked for, one at least; moves beyond that are not made.
        """
        ...
