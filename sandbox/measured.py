"""A candidate's trial on the card: examined, then timed beside the reference in the same sitting."""

from collections.abc import Sequence
from contextlib import nullcontext

import torch

from sandbox import clock
from sandbox.calling import Call, call
from sandbox.evaluation import Candidate, Errors, Evaluation, Timing, Verdict
from sandbox.examine import against_truth, examine
from sandbox.guest import Guest
from sandbox.inputs import Distribution
from sandbox.isolation import strongest
from sandbox.prepared import times_itself
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.spares import Nursery
from sandbox.truth import agrees
from sandbox.wire import MeasurePlan
from tasks.task import TaskError

WARM_UPS = 3
"""Calls of a baseline that are not timed: libraries choose their algorithms in them."""
LEAST_OF_FLOOR = 0.9
"""A time below this share of what the memory allows is not believed."""


class Measurer:
    """One task's sitting on the card: baseline and overhead are timed once, candidates against them."""

    def __init__(self, reference: Reference, plan: MeasurePlan, nursery: Nursery) -> None:
        """Time the null candidate and the eager reference; raises TaskError where even these fail."""
        self.reference, self.place, self.plan, self.nursery = reference, nursery.place, plan, nursery
        try:
            self._sitting = clock.sitting_of(self._null())
            eager = self._baseline(f"{reference.source}\n\nModelNew = Model\n")
        except Ruling as ruling:
            line = " ".join(ruling.message.split())[-300:]
            fault = f"{reference.task.id}: its own Model cannot be timed as a candidate: {ruling.verdict}: {line}"
            raise TaskError(fault) from None
        self.eager: Timing = clock.without_overhead(eager, self._sitting)

    def evaluate(self, candidate: Candidate, built: Guest | None = None) -> Evaluation:
        """Judge and time one candidate, which may be ``built`` already; raises Ruling."""
        guest = built or self._guest(candidate.source)
        try:
            with self.nursery.quiet(guest.spare) if times_itself(candidate.source) else nullcontext():
                examined = examine(guest, self.plan)
            with self.nursery.quiet(guest.spare):
                timed = clock.sample(guest, self.place.gpu, self.plan, self._check_against(examined.worst))
        finally:
            guest.close()
        timing = clock.without_overhead(timed, self._sitting)
        self._check_floor(timing)
        return Evaluation(Verdict.CORRECT, "", examined.worst, timing, self.eager, examined.setup_ms, examined.notes)

    def _guest(self, source: str) -> Guest:
        torch.cuda.empty_cache()  # the card's memory is the candidate's too
        return Guest(source, self.reference, self.nursery)

    def _null(self) -> Timing:
        source = clock.null_source(self.reference)
        try:
            return self._baseline(source)
        except Ruling as ruling:
            if ruling.verdict is not Verdict.UNJUDGED:
                raise
        # This driver shares no memory across namespaces of process ids.
        self.nursery.move(strongest(own_pids=False))
        return self._baseline(source)

    def _baseline(self, source: str) -> Timing:
        guest = self._guest(source)
        try:
            guest.build(self.plan.build_timeout_s)
            for _ in range(WARM_UPS):
                call(guest, self.reference.draw_inputs(Distribution.OWN), self.plan.build_timeout_s)
            with self.nursery.quiet(guest.spare):
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
        floor = clock.floor_ms(self.reference, self.place.gpu)
        # Where eager itself is faster, not all of the inputs is read (a look-up in a table), and the floor is none.
        if timing.median_ms < LEAST_OF_FLOOR * floor <= self.eager.median_ms:
            said = f"{timing.median_ms:.4g} ms; inputs, weights and outputs alone take the card's memory {floor:.4g} ms"
            raise Ruling(Verdict.IMPLAUSIBLE, said)


def _trust(tensors: Sequence[torch.Tensor], made: Call) -> None:
    """Check nothing: the null candidate's answer is none, and the reference is what others are checked against."""
