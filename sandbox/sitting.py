"""What the protocol itself costs in one sitting, and how many calls share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from sandbox.evaluation import Timing

BURST_BELOW_MS = 8.0
"""Where the eager reference takes less, calls are timed in bursts: what replaces it may be several times as fast, and
one release varies (ARCHITECTURE.md says by how much)."""
MOST_SETS = 32
_SHORTEST_MS = 1e-3
"""Of a reference, for that question."""
ROOM_MS = 12.0
"""There is room for so many input sets that eager calls on all of them take this long, if they are not too many."""
RUN_MS = 6.0
"""What a run shall take, if there is room, and half of it at least: what is not the calls' own varies by 0.03 ms."""
REHEARSAL_MS = 2.0
"""What a rehearsal takes at least, if the run is as long: enough to wake a process and fill its caches."""
FEWEST_CALLS = 2
"""In a run, if there is room: a program must not rely on the address of the one set of inputs."""
BURST_SHARE = 32
"""One part in so many of the card's memory is what the input sets of a burst and their outputs may take."""

SLOW_HANDOVER, HANDOVER_SLACK_MS = 1.1, 0.05
"""The judge's own copies are too slow beyond so many times the usual and so much: their medians differ by 0.3 % where
they are long, by some 0.01 ms where they are short (H200)."""

RAGGED = 2.0
"""A median beyond so many times the tenth percentile is not one program's: something else used the card."""

NOTHING_MS = 0.05
"""Where the reference takes nothing, for it returns views, no call is said to take less: the same in every sitting."""


@dataclass(frozen=True, slots=True)
class Copies:
    """What the card takes to copy one call's outputs."""

    cold_ms: float
    """Out of its memory."""
    written_ms: float
    """Right after they were written."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What the judge's own last steps before the clock take of the card where no candidate uses it."""

    first_ms: float
    """For a run of one call."""
    further_ms: float = 0.0
    """For each further one."""

    def ms(self, calls: int) -> float:
        """For a run of so many."""
        return self.first_ms + (calls - 1) * self.further_ms


@dataclass(frozen=True, slots=True)
class Sitting:
    """How a run's time becomes a call's. A run is one release of one or more calls."""

    release_ms: float = 0.0
    """What a run costs beside its calls: the inputs' last words, a cold cache, release, context switch, the look."""
    copy_ms: float = 0.0
    """What a call costs beside its computation: the copy of its outputs."""
    resolution_ms: float = 1e-4
    """Spread of what a run costs (p10 to p90): a shorter one is not told apart from it."""
    least_call_ms: float = 0.0
    """``NOTHING_MS`` where the reference returns views."""
    handover: Handover | None = None
    """None until known."""

    def overhead_ms(self, calls: int) -> float:
        """Give what a run of so many calls costs where nothing is computed."""
        return self.release_ms + calls * self.copy_ms

    def net_ms(self, run_ms: float, calls: int) -> float:
        """Give the time of one call, in a run that took ``run_ms``."""
        return max((run_ms - self.overhead_ms(calls)) / calls, self.least_ms(calls))

    def least_ms(self, calls: int) -> float:
        """No call is said to take less: what its run would take is lost in how the protocol's own cost varies."""
        return max(self.resolution_ms / calls, self.least_call_ms)

    def doubt(self, timing: Timing) -> str:
        """Say why a time is not to be relied on; empty where it is."""
        if timing.median_ms <= self.least_ms(timing.burst):
            views = self.least_call_ms >= self.resolution_ms / timing.burst
            why = "Model returns views" if views else "what is not the program's varies by as much a call"
            return f"takes {timing.median_ms:.3g} ms or less: {why}"
        if timing.median_ms > RAGGED * (fast := timing.percentile_ms(10)):
            return f"half of its runs took {timing.median_ms:.3g} ms a call or more, a tenth {fast:.3g} or less"
        return ""

    def idle(self, handover_ms: float, calls: int) -> bool:
        """Say whether the judge had the card to itself: a kernel that stays on it shows in the judge's own copies."""
        return self.handover is None or handover_ms <= SLOW_HANDOVER * self.handover.ms(calls) + HANDOVER_SLACK_MS


def sitting_of(null: Timing, copies: Copies) -> Sitting:
    """Give the sitting, from the null candidate's runs of one call each.

    The release and the context switch are paid once a run, the copy of the outputs once a call. The null candidate
    copies what lies in memory, a candidate what it has just written, which the cache still holds in part. It is not
    timed in bursts: its calls would be as slow as the host launches copies, which a candidate that keeps the card busy
    does not wait for.
    """
    release_ms = max(0.0, null.median_ms - copies.cold_ms)
    spread_ms = max(1e-4, null.percentile_ms(90) - null.percentile_ms(10))
    return Sitting(release_ms, copies.written_ms, spread_ms)


def handover_of(one_ms: float, many_ms: float, calls: int) -> Handover:
    """Join what was seen before runs of one call, and before runs of ``calls``; where that is one there is no room."""
    return Handover(one_ms, max(0.0, many_ms - one_ms) / (calls - 1)) if calls > 1 else Handover(many_ms)


def sets_for(eager_ms: float, bytes_a_set: int, card_bytes: int) -> int:
    """Say for how many calls a run shall have room: one for a long reference, else as many as make a burst and fit."""
    if eager_ms >= BURST_BELOW_MS:
        return 1
    wanted = min(MOST_SETS, ceil(ROOM_MS / max(eager_ms, _SHORTEST_MS)))
    return max(1, min(wanted, card_bytes // BURST_SHARE // max(1, bytes_a_set)))


def calls_for(call_ms: float, room: int) -> int:
    """Say how many calls a run shall have of a program whose call takes so long."""
    return min(room, max(FEWEST_CALLS, ceil(RUN_MS / call_ms)))


def rehearsals_for(samples_ms: Sequence[float], calls: int) -> int:
    """Say how often to call before a run of so many calls, after the runs that took ``samples_ms`` a call.

    Before the first run as often as in it: a program may prepare something for the place of each input set.
    """
    return min(calls, max(1, ceil(REHEARSAL_MS / samples_ms[-1]))) if samples_ms else calls
