"""Is one timing faster than another? A statistical verdict, not a subtraction."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor, sqrt

from sandbox.evaluation import Evaluation, Source, Timing


class Outcome(StrEnum):
    """Of a challenger against the incumbent."""

    FASTER = "faster"
    SLOWER = "slower"
    TIE = "tie"


SMALLEST_GAIN = 0.01
"""A gain below this share is a tie, however narrow the interval."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A challenger against the incumbent: incumbent time over challenger time, with a 95 % interval."""

    outcome: Outcome
    ratio: float
    low: float
    high: float
    fallen: str = ""
    """Why the incumbent was found wanting when it was judged once more, in words; else empty."""

    @property
    def wins(self) -> bool:
        """Whether the challenger takes the incumbent's place."""
        return self.outcome is Outcome.FASTER or bool(self.fallen)


def compare(incumbent: Evaluation, challenger: Evaluation) -> Comparison:
    """Compare two correct candidates; faster only if the interval lies above 1 and the gain above ``SMALLEST_GAIN``.

    Times of one sitting are compared as they are. Those of two sittings (another process, another day) are compared
    in units of each sitting's own eager time, whose interval then widens the ratio's. The interval of a median comes
    from its order statistics (Conover, Practical Nonparametric Statistics, 3.2); that of the ratio from the interval
    ends, which is wider than 95 %. A modelled time has no spread. Raises ValueError where one is not correct, or one
    time is measured and the other modelled.
    """
    if not (incumbent.timing and incumbent.eager and challenger.timing and challenger.eager):
        raise ValueError(f"{incumbent.verdict} against {challenger.verdict}: only correct candidates are compared")
    if incumbent.timing.source is not challenger.timing.source:
        raise ValueError(f"a {incumbent.timing.source} time against a {challenger.timing.source} one")
    ratio, low, high = _ratio(incumbent.timing, challenger.timing)
    if incumbent.eager != challenger.eager:
        drift, least, most = _ratio(challenger.eager, incumbent.eager)
        ratio, low, high = ratio * drift, low * least, high * most
    return Comparison(_outcome(ratio, low, high, SMALLEST_GAIN), ratio, low, high)


def of_legs(incumbent: Sequence[Timing], challenger: Sequence[Timing]) -> Comparison:
    """Compare two candidates that were timed in turns, several legs each, in processes of their own.

    Samples of a side's legs are taken together. A gain counts only if it is also above twice the largest difference
    between two legs of one side: that much the same program differs from itself today.
    """
    ratio, low, high = _ratio(_together(incumbent), _together(challenger))
    least_gain = max(SMALLEST_GAIN, 2 * _drift(incumbent), 2 * _drift(challenger))
    return Comparison(_outcome(ratio, low, high, least_gain), ratio, low, high)


def _together(legs: Sequence[Timing]) -> Timing:
    return Timing(tuple(ms for leg in legs for ms in leg.samples_ms), legs[0].source)


def _drift(legs: Sequence[Timing]) -> float:
    medians = [leg.median_ms for leg in legs]
    return max(medians) / min(medians) - 1


def _outcome(ratio: float, low: float, high: float, least_gain: float) -> Outcome:
    if low > 1 and ratio > 1 + least_gain:
        return Outcome.FASTER
    if high < 1 and 1 / ratio > 1 + least_gain:
        return Outcome.SLOWER
    return Outcome.TIE


def _ratio(over: Timing, under: Timing) -> tuple[float, float, float]:
    (low_a, high_a), (low_b, high_b) = median_interval(over), median_interval(under)
    return over.median_ms / under.median_ms, low_a / high_b, high_a / low_b


def median_interval(timing: Timing) -> tuple[float, float]:
    """95 % interval of the median, in milliseconds; the median itself for a modelled time."""
    if timing.source is Source.MODELLED:
        return timing.median_ms, timing.median_ms
    ordered, n = sorted(timing.samples_ms), len(timing.samples_ms)
    rank = max(0, floor(n / 2 - 1.96 * sqrt(n) / 2))
    return ordered[rank], ordered[n - 1 - rank]
