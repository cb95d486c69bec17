"""A candidate's trial on the card: examined, then timed beside the reference in the same sitting."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace

import torch

from sandbox import clock, compiled, labelling
from sandbox.bank import Bank
from sandbox.calling import call
from sandbox.evaluation import Candidate, Errors, Evaluation, Timing, Verdict
from sandbox.examine import against_truth, examine
from sandbox.exchange import Snapshot
from sandbox.floor import floor_of
from sandbox.guest import Guest
from sandbox.labelling import Found, Trial
from sandbox.labels import MOST_REMOVED
from sandbox.ladder import Distribution, Tier
from sandbox.prepared import times_itself
from sandbox.profilers.own_kernels import own_kernels
from sandbox.reference import Reference
from sandbox.rig import WARM_UPS, Rig
from sandbox.ruling import Ruling
from sandbox.spares import Nursery
from sandbox.truth import agrees, clearly_agrees, worst
from sandbox.wire import MeasurePlan
from tasks.task import TaskError

_TOGETHER_BYTES = 256 << 20
"""Of outputs that are checked together: a launch less for each small set, and no second copy of many large ones."""


class Measurer:
    """Judges one task's candidates on the card, all in one sitting."""

    def __init__(
        self,
        reference: Reference,
        plan: MeasurePlan,
        nursery: Nursery,
        sets: int = 1,
        measured_gb_per_s: float | None = None,
    ) -> None:
        """Time the null candidate and eager, in runs of up to ``sets`` calls; raises TaskError where even these fail,
        and SandboxError where the card does not come to rest.

        ``measured_gb_per_s`` is what the card's memory was seen to reach, if that was looked at.
        """
        self.reference, self.plan = reference, plan
        try:
            self._rig = Rig(reference, plan, nursery, sets)
        except Ruling as ruling:
            line = " ".join(ruling.message.split())[-300:]
            fault = f"{reference.task.id}: its own Model cannot be timed as a candidate: {ruling.verdict}: {line}"
            raise TaskError(fault) from None
        self._floor = floor_of(reference, nursery.place.gpu, measured_gb_per_s, self._rig.eager)
        self._compiled = compiled.Compiled(reference.source, self._under_compile)

    @property
    def eager(self) -> Timing:
        """The reference's own time."""
        return self._rig.eager

    def evaluate(self, candidate: Candidate, bank: Bank, built: Guest | None = None) -> Evaluation:
        """Judge and time one candidate, which may be ``built`` already; raises Ruling."""
        return self._judged(candidate, built or self._rig.guest(candidate.source), self.plan, bank)

    def again(self, candidate: Candidate) -> Evaluation:
        """Judge one that would be the best as closely as can be, on keys that nobody has seen; raises Ruling."""
        self.reference.draw_weights(again=False)
        guest = self._rig.guest(candidate.source)
        return self._judged(candidate, guest, replace(self.plan, tier=Tier.BEST), Bank(self.reference))

    def _judged(self, candidate: Candidate, guest: Guest, plan: MeasurePlan, bank: Bank) -> Evaluation:
        tuning = times_itself(candidate.source)
        try:
            with self._rig.nursery.quiet(guest.spare) if tuning else nullcontext():
                examined = examine(guest, plan, bank)
            closely = plan.tier is Tier.BEST
            timing = self._rig.sample(guest, self._check_against(examined.worst_own), closely=closely)
            self._check_floor(timing)
            seen, ran = self._seen(guest, candidate, examined.worst_own)
        finally:
            guest.close()
        found = seen + labelling.decoys(self._trial(candidate, examined.worst_own), ran, MOST_REMOVED)
        baselines, notes = self._compiled.timed(self.plan.compiled)
        judged = Evaluation(Verdict.CORRECT, "", examined.worst, timing, self.eager, examined.setup_ms)
        return replace(
            judged,
            notes=examined.notes + self._rig.doubts(timing) + found.notes + notes,
            baselines=baselines,
            floor_ms=self._floor.reached_ms,
            labels=(*examined.labels, *found.labels),
        )

    def leg(self, candidate: Candidate) -> Timing:
        """Time a candidate that was found correct once more, in a fresh process; raises Ruling."""
        guest, errors = self._rig.guest(candidate.source), list[Errors]()
        try:
            guest.build(self.plan.build_timeout_s)
            for _ in range(WARM_UPS):
                tensors = self.reference.draw_inputs(Distribution.OWN)
                made = call(guest, tensors, self.plan.build_timeout_s)
                errors.extend(against_truth(self.reference, tensors, made.answers))
            return self._rig.sample(guest, self._check_against(worst(errors)), closely=True)
        finally:
            guest.close()

    def _seen(self, guest: Guest, candidate: Candidate, worst: Errors) -> tuple[Found, list[str]]:
        """Look at a guest whose timed runs are over; gives its own kernels that ran, too."""
        if not self.plan.labels:
            return Found(), []
        own = sorted(own_kernels(candidate.source))
        folded = labelling.folded(guest, worst, self.plan)  # before the profiler, which not every candidate survives
        shares, ran = labelling.of_profile(guest, own, self.plan.build_timeout_s)
        return shares + folded, ran

    def _trial(self, candidate: Candidate, worst: Errors) -> Trial:
        return Trial(lambda kernel: self._rig.guest(candidate.source, kernel), self.reference, worst, self.plan)

    def _under_compile(self, source: str) -> Timing:
        return self._rig.baseline(source, self.plan.compile_timeout_s, compiled.WARM_UPS)

    def _check_against(self, allowed: Errors) -> clock.Check:
        """Make the check of a timed run: cheap against eager on the same inputs, and where that fails against fp64."""

        def check(sets: Sequence[Sequence[torch.Tensor]], answers: Snapshot) -> None:
            together = max(1, _TOGETHER_BYTES // max(1, answers.bytes.shape[1]))
            for first in range(0, len(sets), together):
                some = slice(first, first + together)
                near = self._quickly(sets[some], answers[some], allowed)
                for index in (~near).nonzero().flatten().tolist():
                    try:
                        self._closely(sets[first + index], answers[first + index : first + index + 1], allowed)
                    except Ruling as ruling:
                        raise ruling.at("a timed run") from None

        return check

    def _quickly(self, sets: Sequence[Sequence[torch.Tensor]], answers: Snapshot, allowed: Errors) -> torch.Tensor:
        """Say of each set whether its answer is clearly near to eager's."""
        made = zip(*(self.reference.eager(tensors) for tensors in sets), strict=True)
        pairs = zip(self.reference.outputs, made, strict=True)
        near = [clearly_agrees(answers.tensors(slot), torch.stack(eager), allowed) for slot, eager in pairs]
        return torch.stack(near).all(0)

    def _closely(self, tensors: Sequence[torch.Tensor], answer: Snapshot, allowed: Errors) -> None:
        pairs = zip(self.reference.outputs, self.reference.eager(tensors), strict=True)
        if not all(agrees(answer.tensor(slot), eager, allowed) for slot, eager in pairs):
            against_truth(self.reference, tensors, answer)

    def _check_floor(self, timing: Timing) -> None:
        if self._floor.forbids(timing):
            least = f"{self._floor.possible_ms:.4g} ms"
            said = f"{timing.median_ms:.4g} ms; inputs, weights and outputs alone take the card's memory {least}"
            raise Ruling(Verdict.IMPLAUSIBLE, said)
