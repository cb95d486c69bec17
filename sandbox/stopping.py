"""When enough samples are enough. Pure, so that it is tested without a card."""

from collections.abc import Sequence

from sandbox.comparison import median_interval
from sandbox.evaluation import Source, Timing
from sandbox.wire import MeasurePlan

BLOCK = 10
"""Samples between two looks at the noise: a look after each would stop at a lucky one."""
FEWEST = 3
"""Samples without which no time is reported, however long they take."""


def enough(samples_ms: Sequence[float], plan: MeasurePlan, seconds: float) -> bool:
    """Say whether to stop after these samples, which took ``seconds`` of wall time."""
    count = len(samples_ms)
    if count >= plan.max_samples:
        return True
    if seconds >= plan.max_seconds:
        return count >= FEWEST
    if count < plan.min_samples or (count - plan.min_samples) % BLOCK:
        return False
    return noise(samples_ms) <= plan.max_noise


def noise(samples_ms: Sequence[float]) -> float:
    """Give the half-width of the median's 95 % interval, relative to the median."""
    timing = Timing(tuple(samples_ms), Source.MEASURED)
    low, high = median_interval(timing)
    return (high - low) / 2 / timing.median_ms
