"""A task set up for timing: how its guests are started, what the protocol costs, how long eager takes."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from sandbox import clock, sitting
from sandbox.calling import call
from sandbox.cores import on_own_core
from sandbox.evaluation import SandboxError, Timing, Verdict
from sandbox.examine import against_truth
from sandbox.exchange import Snapshot
from sandbox.guest import Guest, Manner
from sandbox.isolation import strongest
from sandbox.ladder import Distribution
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.sitting import Sitting
from sandbox.spares import Nursery
from sandbox.stopping import SLOW_CLOCK
from sandbox.wire import MeasurePlan

_SITTINGS = 3
"""Tries to time the reference without a doubt."""
WARM_UPS = 3
"""Calls of a baseline that are not timed: libraries choose their algorithms in them."""


class Rig:
    """One task's sitting on the card: what every candidate of it is timed with."""

    def __init__(self, reference: Reference, plan: MeasurePlan, nursery: Nursery, sets: int) -> None:
        """Time the null candidate, and eager in runs of ``sets`` calls; raises Ruling where even these fail.

        Raises SandboxError where the card does not come to rest for that.
        """
        self.reference, self.plan, self.nursery = reference, plan, nursery
        timed, doubt = self._settle(sets)
        for _ in range(_SITTINGS - 1):
            if doubt:
                timed, doubt = self._settle(sets)
        if doubt:
            raise SandboxError(f"{reference.task.id} cannot be timed: its Model {doubt}; who else uses the card?")
        self._sitting = replace(self._sitting, handover_ms=timed.handover_ms)
        self.eager: Timing = timed.timing

    def _settle(self, sets: int) -> tuple[clock.Sampled, str]:
        """Find out what the protocol costs; gives eager's time, and why it is not to be relied on, if so."""
        self._sitting = Sitting()
        null = self._null()
        self._sitting = sitting.sitting_of(null, clock.copies(self.reference, sets), sets)
        timed = self._baseline(f"{self.reference.source}\n\nModelNew = Model\n", self.plan.build_timeout_s)
        return timed, self._sitting.doubt(timed.timing)

    def doubts(self, timing: Timing) -> tuple[str, ...]:
        """Give as notes why a candidate's time, or its ratio to eager's, is not to be relied on."""
        found = [self._sitting.doubt(timing)]
        mhz, usual = timing.sm_clock_mhz or 0.0, self.eager.sm_clock_mhz or 0.0
        if mhz and usual and min(mhz, usual) < SLOW_CLOCK * max(mhz, usual):
            found.append(f"was timed at {mhz:.0f} MHz, eager at {usual:.0f}")
        return tuple(each for each in found if each)

    def guest(self, source: str, removed: str = "") -> Guest:
        """Start a candidate, without the kernel of its own that ``removed`` names; raises SandboxError."""
        torch.cuda.empty_cache()  # the card's memory is the candidate's too
        return Guest(source, self.reference, self.nursery, Manner(self._sitting.sets, removed))

    def sample(self, guest: Guest, check: clock.Check) -> Timing:
        """Time a guest that is built and warm; raises Ruling."""
        return self._sampled(guest, check).timing

    def baseline(self, source: str, timeout_s: float, warm_ups: int) -> Timing:
        """Time a program of ours whose warm-up calls are checked, each within ``timeout_s``; raises Ruling."""
        return self._baseline(source, timeout_s, warm_ups, checked=True).timing

    def _sampled(self, guest: Guest, check: clock.Check) -> clock.Sampled:
        with self.nursery.quiet(guest.spare), on_own_core():
            return clock.sample(guest, self.nursery.place.gpu, self.plan, self._sitting, check)

    def _null(self) -> Timing:
        source = clock.null_source(self.reference)
        try:
            return self._baseline(source, self.plan.build_timeout_s).timing
        except Ruling as ruling:
            if ruling.verdict is not Verdict.UNJUDGED:
                raise
        # This driver shares no memory across namespaces of process ids.
        self.nursery.move(strongest(own_pids=False))
        return self._baseline(source, self.plan.build_timeout_s).timing

    def _baseline(
        self, source: str, timeout_s: float, warm_ups: int = WARM_UPS, *, checked: bool = False
    ) -> clock.Sampled:
        guest = self.guest(source)
        try:
            guest.build(timeout_s)
            for _ in range(warm_ups):
                tensors = self.reference.draw_inputs(Distribution.OWN)
                made = call(guest, tensors, timeout_s)
                if checked:
                    against_truth(self.reference, tensors, made.answers)
            return self._sampled(guest, _trust)
        finally:
            guest.close()


def _trust(sets: Sequence[Sequence[torch.Tensor]], answers: Snapshot) -> None:
    """Check nothing: the null candidate's answer is none, and the reference is what others are checked against."""
