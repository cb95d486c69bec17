"""Would a challenger be the best? Both judged again: in turns, in fresh processes, on fresh keys."""

from dataclasses import dataclass

from sandbox.comparison import Comparison, compare
from sandbox.evaluation import Candidate, Evaluation


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with what was said of it."""

    candidate: Candidate
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class Duel:
    """What came of it."""

    challenger: Evaluation
    """What is to be kept of the challenger: its time of the duel, or why it did not stay correct."""
    comparison: Comparison | None
    """None where the challenger did not stay correct."""

    def __post_init__(self) -> None:
        """Refuse a comparison of what is not correct, or none of what is; raises ValueError."""
        if self.challenger.correct != (self.comparison is not None):
            raise ValueError(f"a challenger that is {self.challenger.verdict} cannot be compared")


def by_what_is_known(incumbent: Judged, challenger: Judged) -> Duel:
    """Compare the times that both already have; raises ValueError as ``compare``."""
    return Duel(challenger.evaluation, compare(incumbent.evaluation, challenger.evaluation))
