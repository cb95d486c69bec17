"""A candidate's trial without a card: examined by interpreter at small sizes, followed by the compiler at full size."""

from dataclasses import replace

from sandbox import labelling
from sandbox.case import Case
from sandbox.evaluation import Candidate, Evaluation, Verdict
from sandbox.examine import examine
from sandbox.examined import Examined
from sandbox.guest import Guest, Manner
from sandbox.labelling import Found, Trial
from sandbox.labels import MOST_REMOVED_EMULATED
from sandbox.metrics import NcuMetrics
from sandbox.modelled import Modelled, model
from sandbox.process import run
from sandbox.spares import Nursery
from sandbox.wire import MeasurePlan
from tasks.program import load
from tasks.task import Task

_NO_COMPILE = "no torch.compile baseline: without a card times are modelled, and it has no model"


class Follower:
    """Keeps what it found of the last candidate: its counters are wanted next."""

    def __init__(self, nursery: Nursery) -> None:
        """Start nothing."""
        self._nursery = nursery
        self._last: tuple[str, str, Modelled] | None = None

    def evaluate(self, candidate: Candidate, plan: MeasurePlan, case: Case, built: Guest | None) -> Evaluation:
        """Judge one candidate, which may be ``built`` already; raises Ruling, TaskError and SandboxError."""
        guest = built or Guest(candidate.source, case.reference, self._nursery)
        try:
            examined = examine(guest, plan, case.bank)
            folded = labelling.folded(guest, examined.worst_own, plan) if plan.labels else Found()
        finally:
            guest.close()
        found = self._followed(case.task, candidate)
        judged = _with_model(examined, found)
        if not judged.correct:
            return judged
        labels = folded + self._labels(candidate, plan, case, judged)
        return replace(judged, labels=(*judged.labels, *labels.labels), notes=judged.notes + labels.notes)

    def metrics(self, task: Task, candidate: Candidate) -> NcuMetrics:
        """Give the compiler's facts of a candidate's kernels; raises SandboxError."""
        return self._followed(task, candidate).metrics

    def _labels(self, candidate: Candidate, plan: MeasurePlan, case: Case, judged: Evaluation) -> Found:
        assert judged.timing
        assert judged.errors
        found, ran = labelling.of_model(candidate.source, judged.timing, self.metrics(case.task, candidate))
        if plan.labels:

            def without(kernel: str) -> Guest:
                return Guest(candidate.source, case.reference, self._nursery, Manner(removed=kernel))

            trial = Trial(without, case.reference, judged.errors, plan)
            found += labelling.decoys(trial, ran, MOST_REMOVED_EMULATED)
            if plan.compiled:  # a run asks for it as a matter of course, and would say this of each attempt
                found += Found(notes=(_NO_COMPILE,))
        return found

    def _followed(self, task: Task, candidate: Candidate) -> Modelled:
        if self._last is None or self._last[:2] != (task.digest, candidate.digest):
            gpu, program = self._nursery.place.gpu, load(task.source, task.id)
            found = model(program, candidate.source, gpu, run, tf32=task.tolerance.tf32)
            self._last = task.digest, candidate.digest, found
        return self._last[2]


def _with_model(examined: Examined, found: Modelled) -> Evaluation:
    if found.refusal:
        return Evaluation(Verdict.REJECTED, found.refusal, examined.worst)
    if found.broken:
        return Evaluation(Verdict.BROKEN, found.broken, examined.worst)
    if found.implausible:
        return Evaluation(Verdict.IMPLAUSIBLE, found.implausible, examined.worst)
    if found.unjudged or not (found.timing and found.eager):
        return Evaluation(Verdict.UNJUDGED, found.unjudged, examined.worst)
    return Evaluation(Verdict.CORRECT, "", examined.worst, found.timing, found.eager, examined.setup_ms, examined.notes)
