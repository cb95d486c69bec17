"""What the protocol itself costs in one sitting, and how many calls share it."""

from dataclasses import dataclass
from math import ceil

from sandbox.evaluation import Timing

BURST_BELOW_MS = 8.0
"""Where the eager reference takes less, calls are timed in bursts: what replaces it may be several times as fast, and
one release varies (ARCHITECTURE.md says by how much)."""
MOST_SETS = 32
BURST_MS = 24.0
"""How long a burst of eager calls shall take at least, if the sets are not too many by then."""
BURST_SHARE = 32
"""One part in so many of the card's memory is what the input sets of a burst and their outputs may take."""

SLOW_HANDOVER, HANDOVER_SLACK_MS = 2.0, 0.5
"""The judge's own copies are too slow beyond twice the usual and half a millisecond."""

RAGGED = 2.0
"""A median beyond so many times the tenth percentile is not one program's: something else used the card."""


@dataclass(frozen=True, slots=True)
class Copies:
    """What the card takes to copy one call's outputs."""

    cold_ms: float
    """Out of its memory."""
    written_ms: float
    """Right after they were written."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """How a run's time becomes a call's. A run is one release of one or more calls."""

    sets: int = 1
    """Calls a run."""
    overhead_ms: float = 0.0
    """What a run costs where nothing is computed: release, context switch, copies of the outputs."""
    resolution_ms: float = 1e-4
    """Spread of that cost (p10 to p90): a shorter run is not told apart from it."""
    handover_ms: float | None = None
    """What the judge's own last steps before a release take where no candidate uses the card; None until known."""

    def net_ms(self, run_ms: float) -> float:
        """Time of one call, in a run that took ``run_ms``."""
        return max((run_ms - self.overhead_ms) / self.sets, self.least_ms)

    @property
    def least_ms(self) -> float:
        """No call is said to take less: what its run would take is lost in how the protocol's own cost varies."""
        return self.resolution_ms / self.sets

    def doubt(self, timing: Timing) -> str:
        """Say why a time is not to be relied on; empty where it is."""
        if timing.median_ms <= self.least_ms:
            return f"takes {timing.median_ms:.3g} ms or less: what is not the program's varies by as much a call"
        if timing.median_ms > RAGGED * (fast := timing.percentile_ms(10)):
            return f"half of its runs took {timing.median_ms:.3g} ms a call or more, a tenth {fast:.3g} or less"
        return ""

    def idle(self, handover_ms: float) -> bool:
        """Say whether the judge had the card to itself: a kernel that stays on it shows in the judge's own copies."""
        return self.handover_ms is None or handover_ms <= SLOW_HANDOVER * self.handover_ms + HANDOVER_SLACK_MS


def sitting_of(null: Timing, copies: Copies, sets: int) -> Sitting:
    """Give the sitting for runs of ``sets`` calls, from the null candidate's runs of one call each.

    The release and the context switch are paid once a run, the copy of the outputs once a call. The null candidate
    copies what lies in memory, a candidate what it has just written, which the cache still holds in part. It is not
    timed in bursts: its calls would be as slow as the host launches copies, which a candidate that keeps the card busy
    does not wait for.
    """
    release_ms = max(0.0, null.median_ms - copies.cold_ms)
    spread_ms = max(1e-4, null.percentile_ms(90) - null.percentile_ms(10))
    return Sitting(sets, release_ms + sets * copies.written_ms, spread_ms)


def sets_for(eager_ms: float, bytes_a_set: int, card_bytes: int) -> int:
    """Say how many calls a run shall have: one for a long reference, else as many as make a burst and fit."""
    if eager_ms >= BURST_BELOW_MS:
        return 1
    wanted = min(MOST_SETS, ceil(BURST_MS / eager_ms))
    return max(1, min(wanted, card_bytes // BURST_SHARE // max(1, bytes_a_set)))
