"""A task set up for timing: how its guests are started, what the protocol costs, how long eager takes."""

import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace

import torch

from sandbox import clock, event_time, sitting
from sandbox.calling import call
from sandbox.cores import on_own_core
from sandbox.evaluation import SandboxError, Timing, Verdict
from sandbox.examine import against_truth
from sandbox.exchange import Snapshot
from sandbox.guest import Ahead, Guest, Manner
from sandbox.isolation import strongest
from sandbox.ladder import Distribution
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.sitting import Sitting
from sandbox.spares import Nursery
from sandbox.stopping import SLOW_CLOCK
from sandbox.wire import MeasurePlan

_SITTINGS, _REST_S = 3, 2.0
"""Tries to time the reference without a doubt, and seconds between two: who else uses the machine may be gone then."""
WARM_UPS = 3
"""Calls of a baseline that are not timed: libraries choose their algorithms in them."""


class Rig:
    """One task's sitting on the card: what every candidate of it is timed with."""

    def __init__(self, reference: Reference, plan: MeasurePlan, nursery: Nursery, sets: int) -> None:
        """Time the null candidate, and eager in runs of up to ``sets`` calls; raises Ruling where even these fail.

        Raises SandboxError where the card does not come to rest for that.
        """
        self.reference, self.plan, self.nursery = reference, plan, nursery
        tries = 1
        while (doubt := self._settle(sets)) and tries < _SITTINGS:
            time.sleep(_REST_S)
            tries += 1
        if doubt:
            raise SandboxError(f"{reference.task.id} cannot be timed: its Model {doubt}; who else uses the card?")

    def _settle(self, sets: int) -> str:
        """Find out what the protocol costs and eager takes; gives why that is not to be relied on, if so."""
        self._sets, self._sitting = sets, Sitting()
        with ExitStack() as held:
            for_null, for_eager = self._two(held)
            null = self._timed(for_null, self.plan.build_timeout_s)
            copies = event_time.copies(self.reference, self.nursery.place.gpu, sets)
            self._sitting = sitting.sitting_of(null.timing, copies)
            eager = self._timed(for_eager, self.plan.build_timeout_s)
        self.eager: Timing = eager.timing
        handover = sitting.handover_of(null.handover_ms, eager.handover_ms, self.eager.burst)
        self._sitting = replace(self._sitting, handover=handover)
        if self.reference.returns_views():
            self._sitting = replace(self._sitting, least_call_ms=sitting.NOTHING_MS)
            samples_ms = tuple(max(ms, sitting.NOTHING_MS) for ms in self.eager.samples_ms)
            self.eager = replace(self.eager, samples_ms=samples_ms)
            if self.eager.median_ms == sitting.NOTHING_MS:
                return ""
        return self._sitting.doubt(self.eager)

    def _two(self, held: ExitStack) -> tuple[Guest, Guest]:
        """Build the null candidate and eager side by side, both of them ``held``."""
        try:
            return self._two_here(held)
        except Ruling as ruling:
            if ruling.verdict is not Verdict.UNJUDGED:
                raise
        held.close()
        # This driver shares no memory across namespaces of process ids.
        self.nursery.move(strongest(own_pids=False))
        return self._two_here(held)

    def _two_here(self, held: ExitStack) -> tuple[Guest, Guest]:
        # Its kernel is compiled while eager is built.
        null = held.enter_context(closing(self._guest(clock.null_source(self.reference), Manner(ahead=Ahead.CALL))))
        source = f"{self.reference.source}\n\nModelNew = Model\n"
        eager = held.enter_context(closing(self._guest(source, Manner(self._sets))))
        null.spare.trusted = eager.spare.trusted = True
        eager.build(self.plan.build_timeout_s)
        try:
            null.build(self.plan.build_timeout_s)
        except Ruling as ruling:
            if ruling.verdict in (Verdict.UNJUDGED, Verdict.OUT_OF_MEMORY):
                raise
            said = " ".join(ruling.message.split())[-300:]
            raise SandboxError(f"not even a kernel of nothing runs here: {ruling.verdict}: {said}") from None
        return null, eager

    def doubts(self, timing: Timing) -> tuple[str, ...]:
        """Give as notes why a candidate's time, or its ratio to eager's, is not to be relied on."""
        of_eager = self._sitting.doubt(self.eager)
        found = [self._sitting.doubt(timing) or (of_eager and f"eager {of_eager}")]
        mhz, usual = timing.sm_clock_mhz or 0.0, self.eager.sm_clock_mhz or 0.0
        if mhz and usual and min(mhz, usual) < SLOW_CLOCK * max(mhz, usual):
            found.append(f"was timed at {mhz:.0f} MHz, eager at {usual:.0f}")
        return tuple(each for each in found if each)

    def guest(self, source: str, removed: str = "") -> Guest:
        """Start a candidate, without the kernel of its own that ``removed`` names; raises SandboxError."""
        return self._guest(source, Manner(self._sets, removed))

    def _guest(self, source: str, manner: Manner) -> Guest:
        torch.cuda.empty_cache()  # the card's memory is the candidate's too
        return Guest(source, self.reference, self.nursery, manner)

    def sample(self, guest: Guest, check: clock.Check, *, closely: bool = False) -> Timing:
        """Time a guest that is built and warm; raises Ruling.

        ``closely`` is for what is compared within this sitting: not knowing the release's cost is common to all then.
        """
        return self._sampled(guest, check, closely=closely).timing

    def baseline(self, source: str, timeout_s: float, warm_ups: int) -> Timing:
        """Time a program of ours whose warm-up calls are checked, each within ``timeout_s``; raises Ruling."""
        with closing(self.guest(source)) as guest:
            guest.build(timeout_s)
            return self._timed(guest, timeout_s, warm_ups, checked=True).timing

    def _sampled(self, guest: Guest, check: clock.Check, *, closely: bool = False) -> clock.Sampled:
        terms = clock.Terms(self.nursery.place.gpu, self.plan, self._sitting, check, closely)
        with self.nursery.quiet(guest.spare), on_own_core():
            return clock.sample(guest, terms)

    def _timed(
        self, guest: Guest, timeout_s: float, warm_ups: int = WARM_UPS, *, checked: bool = False
    ) -> clock.Sampled:
        for _ in range(warm_ups):
            tensors = self.reference.draw_inputs(Distribution.OWN)
            made = call(guest, tensors, timeout_s)
            if checked:
                against_truth(self.reference, tensors, made.answers)
        return self._sampled(guest, _trust)


def _trust(sets: Sequence[Sequence[torch.Tensor]], answers: Snapshot) -> None:
    """Check nothing: the null candidate's answer is none, and the reference is what others are checked against."""
