"""Is one timing faster than another? A statistical verdict, not a subtraction."""

from dataclasses import dataclass
from enum import StrEnum
from math import floor, sqrt

from sandbox.evaluation import Source, Timing


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


def compare(incumbent: Timing, challenger: Timing) -> Comparison:
    """Compare medians; faster only if the whole interval lies above 1 and the gain above ``SMALLEST_GAIN``.

    The interval of a median comes from its order statistics (Conover, Practical Nonparametric Statistics, 3.2); that of
    the ratio from the interval ends, which is wider than 95 %. A modelled time has no spread. Raises ValueError where
    one time is measured and the other modelled.
    """
    if incumbent.source is not challenger.source:
        raise ValueError(f"a {incumbent.source} time against a {challenger.source} one")
    ratio = incumbent.median_ms / challenger.median_ms
    (low_a, high_a), (low_b, high_b) = median_interval(incumbent), median_interval(challenger)
    low, high = low_a / high_b, high_a / low_b
    outcome = Outcome.TIE
    if low > 1 and ratio > 1 + SMALLEST_GAIN:
        outcome = Outcome.FASTER
    elif high < 1 and ratio < 1 - SMALLEST_GAIN:
        outcome = Outcome.SLOWER
    return Comparison(outcome, ratio, low, high)


def median_interval(timing: Timing) -> tuple[float, float]:
    """95 % interval of the median, in milliseconds; the median itself for a modelled time."""
    if timing.source is Source.MODELLED:
        return timing.median_ms, timing.median_ms
    ordered, n = sorted(timing.samples_ms), len(timing.samples_ms)
    rank = max(0, floor(n / 2 - 1.96 * sqrt(n) / 2))
    return ordered[rank], ordered[n - 1 - rank]
