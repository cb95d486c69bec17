"""A candidate's trial on the card: examined, then timed beside the reference in the same sitting."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from sandbox import clock, compiled, labelling
from sandbox.calling import Call, call
from sandbox.devices import Place
from sandbox.evaluation import Candidate, Errors, Evaluation, Timing, Verdict
from sandbox.examine import against_truth, examine
from sandbox.floor import floor_of
from sandbox.guest import Guest
from sandbox.inputs import Distribution
from sandbox.isolation import strongest
from sandbox.labelling import Found, Trial
from sandbox.labels import MOST_REMOVED
from sandbox.profilers.own_kernels import own_kernels
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.truth import agrees
from sandbox.wire import MeasurePlan
from tasks.task import TaskError

WARM_UPS = 3
"""Calls of a baseline that are not timed: libraries choose their algorithms in them."""


class Measurer:
    """One task's sitting on the card: baseline and overhead are timed once, candidates against them."""

    def __init__(
        self, reference: Reference, place: Place, plan: MeasurePlan, measured_gb_per_s: float | None = None
    ) -> None:
        """Time the null candidate and the eager reference; raises TaskError where even these fail.

        ``measured_gb_per_s`` is what the card's memory was seen to reach, if that was looked at.
        """
        self.reference, self.place, self.plan = reference, place, plan
        self.isolation = strongest()
        try:
            self._sitting = clock.sitting_of(self._null())
            eager = self._baseline(f"{reference.source}\n\nModelNew = Model\n", plan.build_timeout_s)
        except Ruling as ruling:
            line = " ".join(ruling.message.split())[-300:]
            fault = f"{reference.task.id}: its own Model cannot be timed as a candidate: {ruling.verdict}: {line}"
            raise TaskError(fault) from None
        self.eager: Timing = clock.without_overhead(eager, self._sitting)
        self._floor = floor_of(reference, place.gpu, measured_gb_per_s, self.eager)
        self._compiled = compiled.Compiled(reference.source, self._under_compile)

    def evaluate(self, candidate: Candidate) -> Evaluation:
        """Judge and time one candidate; raises Ruling."""
        guest = self._guest(candidate.source)
        try:
            examined = examine(guest, self.plan)
            timed = clock.sample(guest, self.place.gpu, self.plan, self._check_against(examined.worst))
            timing = clock.without_overhead(timed, self._sitting)
            self._check_floor(timing)
            seen, ran = self._seen(guest, candidate, examined.worst)
        finally:
            guest.close()
        found = seen + labelling.decoys(self._trial(candidate, examined.worst), ran, MOST_REMOVED)
        baselines, notes = self._compiled.timed(self.plan.compiled)
        judged = Evaluation(Verdict.CORRECT, "", examined.worst, timing, self.eager, examined.setup_ms)
        return replace(
            judged,
            notes=examined.notes + found.notes + notes,
            baselines=baselines,
            floor_ms=self._floor.reached_ms,
            labels=found.labels,
        )

    def _seen(self, guest: Guest, candidate: Candidate, worst: Errors) -> tuple[Found, list[str]]:
        """Look at a guest whose timed runs are over; gives its own kernels that ran, too."""
        if not self.plan.labels:
            return Found(), []
        own = sorted(own_kernels(candidate.source))
        folded = labelling.folded(guest, worst, self.plan)  # before the profiler, which not every candidate survives
        shares, ran = labelling.of_profile(guest, own, self.plan.build_timeout_s)
        return shares + folded, ran

    def _trial(self, candidate: Candidate, worst: Errors) -> Trial:
        return Trial(lambda kernel: self._guest(candidate.source, kernel), self.reference, worst, self.plan)

    def _guest(self, source: str, removed: str = "") -> Guest:
        torch.cuda.empty_cache()  # the card's memory is the candidate's too
        return Guest(source, self.reference, self.place, self.isolation, removed)

    def _under_compile(self, source: str) -> Timing:
        timed = self._baseline(source, self.plan.compile_timeout_s, compiled.WARM_UPS, checked=True)
        return clock.without_overhead(timed, self._sitting)

    def _null(self) -> Timing:
        source = clock.null_source(self.reference)
        try:
            return self._baseline(source, self.plan.build_timeout_s)
        except Ruling as ruling:
            if ruling.verdict is not Verdict.UNJUDGED:
                raise
        # This driver shares no memory across namespaces of process ids.
        self.isolation = strongest(own_pids=False)
        return self._baseline(source, self.plan.build_timeout_s)

    def _baseline(self, source: str, timeout_s: float, warm_ups: int = WARM_UPS, *, checked: bool = False) -> Timing:
        guest = self._guest(source)
        try:
            guest.build(timeout_s)
            for _ in range(warm_ups):
                tensors = self.reference.draw_inputs(Distribution.OWN)
                made = call(guest, tensors, timeout_s)
                if checked:
                    against_truth(self.reference, tensors, made.answered)
            return clock.sample(guest, self.place.gpu, self.plan, _trust)
        finally:
            guest.close()

    def _check_against(self, allowed: Errors) -> clock.Check:
        """Make the check of a timed run: cheap against eager on the same inputs, and where that fails against fp64."""

        def check(tensors: Sequence[torch.Tensor], made: Call) -> None:
            expected = self.reference.eager(tensors)
            answers = [made.answered.tensor(slot) for slot in self.reference.outputs]
            if not all(agrees(each, usual, allowed) for each, usual in zip(answers, expected, strict=True)):
                try:
                    against_truth(self.reference, tensors, made.answered)
                except Ruling as ruling:
                    raise ruling.at("a timed run") from None

        return check

    def _check_floor(self, timing: Timing) -> None:
        if self._floor.forbids(timing):
            least = f"{self._floor.possible_ms:.4g} ms"
            said = f"{timing.median_ms:.4g} ms; inputs, weights and outputs alone take the card's memory {least}"
            raise Ruling(Verdict.IMPLAUSIBLE, said)


def _trust(tensors: Sequence[torch.Tensor], made: Call) -> None:
    """Check nothing: the null candidate's answer is none, and the reference is what others are checked against."""
