"""When enough samples are enough. Pure, so that it is tested without a card."""

import statistics
from collections.abc import Sequence

from sandbox.comparison import median_interval
from sandbox.evaluation import SandboxError, Source, Timing
from sandbox.wire import MeasurePlan

BLOCK = 10
"""Samples between two looks at the noise: a look after each would stop at a lucky one."""
FEWEST = 3
"""Samples without which no time is reported, however long they take."""

SLOW_CLOCK = 0.9
"""A run is dropped whose clock is below this share of the usual one, or the usual one below this share of its."""
_USUAL = 0.9
"""Rank of the clock that is usual, among the runs of one sampling: near the highest, but not what one run alone had."""
REST_S, LONGEST_REST_S = 0.05, 0.5
"""Before a further run, for every one of the last ``BLOCK`` at a low clock; and at most."""
MOST_DROPPED = 0.2
"""Share of runs that may be dropped before none is believed; of fewer than 50, ``BLOCK`` may."""


def usual_mhz(clocks_mhz: Sequence[float]) -> float:
    """Give the clock that the card comes to when it rests enough; 0 where none could be read."""
    return sorted(clocks_mhz)[int(_USUAL * (len(clocks_mhz) - 1))] if clocks_mhz else 0.0


def rest_s(clocks_mhz: Sequence[float]) -> float:
    """Say how long the card shall rest before the next run: the longer, the more of the last ones came at a low clock.

    A heavy load takes a card to its power limit; so much of it a second is not what is to be timed.
    """
    least = SLOW_CLOCK * usual_mhz(clocks_mhz)
    return min(LONGEST_REST_S, REST_S * sum(mhz < least for mhz in clocks_mhz[-BLOCK:]))


def steady(clocks_mhz: Sequence[float]) -> list[int]:
    """Give the indices of the runs about the usual clock; all, where none could be read."""
    return _near(usual_mhz(clocks_mhz), clocks_mhz)


def believed(clocks_mhz: Sequence[float]) -> list[int]:
    """Give those that count when sampling is over; raises SandboxError where too few ran at one clock.

    Of a card that no rest brings back to where it began, they are those about the median.
    """
    for usual in (usual_mhz(clocks_mhz), statistics.median(clocks_mhz)):
        kept = _near(usual, clocks_mhz)
        if not _slips(len(kept), len(clocks_mhz)):
            return kept
    raise SandboxError(
        f"the card's clock does not hold: {len(clocks_mhz) - len(kept)} of {len(clocks_mhz)} runs were not within "
        f"{1 - SLOW_CLOCK:.0%} of {usual:.0f} MHz; is it too hot, or shared?"
    )


def _near(usual: float, clocks_mhz: Sequence[float]) -> list[int]:
    return [at for at, mhz in enumerate(clocks_mhz) if SLOW_CLOCK * usual <= mhz <= usual / SLOW_CLOCK]


def _slips(kept: int, made: int) -> bool:
    return made - kept > max(BLOCK, MOST_DROPPED * made)


def enough(
    samples_ms: Sequence[float], clocks_mhz: Sequence[float], plan: MeasurePlan, seconds: float, near_ms: float = 0.0
) -> bool:
    """Say whether to stop after these samples, which took ``seconds`` of wall time; only the steady ones count.

    A median that is known to ``near_ms`` is known well enough, however short the time.
    """
    kept = [samples_ms[at] for at in steady(clocks_mhz)]
    count = len(kept)
    if seconds >= plan.max_seconds:
        return count >= FEWEST
    if _slips(count, len(samples_ms)):  # it rests between runs by now: what comes may be steadier
        return False
    if count >= plan.max_samples:
        return True
    if count < plan.min_samples or (count - plan.min_samples) % BLOCK:
        return False
    timing = Timing(tuple(kept), Source.MEASURED)
    return noise_ms(timing) <= max(near_ms, plan.max_noise * timing.median_ms)


def noise_ms(timing: Timing) -> float:
    """Give the half-width of the median's 95 % interval."""
    low, high = median_interval(timing)
    return (high - low) / 2
