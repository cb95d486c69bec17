"""How sure is a mean over tasks? The geometric mean of paired ratios, and its 95 % interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_PAIRS = 3
"""Fewer give no interval: that of two would be 12.7 standard errors to each side, and would say nothing."""
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Mean:
    """Of ratios, which have no unit."""

    ratio: float
    """Geometric mean."""
    interval: tuple[float, float] | None
    """95 %, low and high; None for fewer than ``FEWEST_PAIRS``."""


def geometric_mean(ratios: Sequence[float]) -> Mean | None:
    """Average positive ratios; None where there is none.

    The mean is geometric: ratios turned upside down give the mean turned upside down (Fleming and Wallace, How not to
    lie with statistics, CACM 29(3), 1986). The interval is Student's for the mean of the ratios' logarithms (The
    probable error of a mean, Biometrika 6(1), 1908), a pair being one observation. It takes the logarithms for about
    normal and the tasks for a sample of those that one cares for. Neither depends on the order of the ratios.
    """
    if not ratios:
        return None
    logs, n = [math.log(ratio) for ratio in ratios], len(ratios)
    mean = math.fsum(logs) / n
    if n < FEWEST_PAIRS:
        return Mean(math.exp(mean), None)
    error = math.sqrt(math.fsum((each - mean) ** 2 for each in logs) / (n - 1) / n)
    half = student_quantile(n - 1) * error
    return Mean(math.exp(mean), (math.exp(mean - half), math.exp(mean + half)))


def student_quantile(freedom: int, confidence: float = CONFIDENCE) -> float:
    """Say how many standard errors lie to each side, for ``freedom`` (at least 1) degrees of freedom; by bisection."""
    low, high = 0.0, 1.0
    while _within(high, freedom) < confidence:
        high *= 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _within(middle, freedom) < confidence else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """Probability that Student's t lies within -t and t (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(t / math.sqrt(freedom))
    odd, cosine = freedom % 2, math.cos(angle)
    term = math.sin(angle) * (cosine if odd else 1.0)
    total = term if freedom > 1 else 0.0
    for k in range(2 + odd, freedom, 2):
        term *= cosine**2 * (k - 1) / k
        total += term
    return 2 / math.pi * (angle + total) if odd else total
