"""One candidate's trial on the judge's side: its reference, its examination, its time."""

from dataclasses import replace

import torch

from sandbox.admission import admitted
from sandbox.child.arena import Arena, sealed
from sandbox.devices import Place
from sandbox.evaluation import Candidate, Environment, Evaluation, Verdict
from sandbox.examine import Examined, examine
from sandbox.guest import Guest, setup_of
from sandbox.inputs import Distribution
from sandbox.isolation import strongest
from sandbox.measured import Measurer
from sandbox.metrics import NcuMetrics
from sandbox.modelled import Modelled, model
from sandbox.process import run
from sandbox.profilers import ncu
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.shrunk import small_source
from sandbox.wire import Job
from tasks.program import load
from tasks.task import Task


class Judge:
    """Judges at one place. It keeps what it knows of the last task, for the next candidate is of the same."""

    def __init__(self, place: Place, environment: Environment) -> None:
        """Start nothing yet; ``environment`` goes into every evaluation."""
        self.place, self.environment = place, environment
        self._reference: Reference | None = None
        self._measurer: Measurer | None = None
        self._modelled: tuple[str, str, Modelled] | None = None

    def evaluate(self, job: Job) -> Evaluation:
        """Judge a screened candidate. Raises TaskError and SandboxError for what is not its fault."""
        reference = self._of(job.task)
        reference.draw_weights(again=False)
        try:
            evaluation = self._measure(job, reference) if self.place.on_card else self._model(job, reference)
        except Ruling as ruling:
            evaluation = ruling.evaluation
        unprotected = self._measurer.isolation.unprotected if self._measurer else self.environment.unprotected
        return replace(evaluation, environment=replace(self.environment, unprotected=unprotected))

    def _of(self, task: Task) -> Reference:
        if self._reference is None or self._reference.task != task:
            self._reference = self._measurer = None  # the old one's memory goes before the new one takes its own
            source = task.source if self.place.on_card else small_source(task)
            self._reference = admitted(task, source, self.place.device)
        return self._reference

    def _measure(self, job: Job, reference: Reference) -> Evaluation:
        if self._measurer is None or self._measurer.plan != job.plan:
            self._measurer = Measurer(reference, self.place, job.plan)
        return self._measurer.evaluate(job.candidate)

    def _model(self, job: Job, reference: Reference) -> Evaluation:
        guest = Guest(job.candidate.source, reference, self.place, strongest())
        try:
            examined = examine(guest, job.plan)
        finally:
            guest.close()
        found = self._modelled_of(job.task, job.candidate)
        return _with_model(examined, found)

    def _modelled_of(self, task: Task, candidate: Candidate) -> Modelled:
        if self._modelled is None or self._modelled[:2] != (task.digest, candidate.digest):
            found = model(load(task.source, task.id), candidate.source, self.place.gpu, run, tf32=task.tolerance.tf32)
            self._modelled = task.digest, candidate.digest, found
        return self._modelled[2]

    def profile(self, job: Job) -> NcuMetrics:
        """Read counters: the card's own where there is one and it lets us, else the compiler's facts."""
        found = self._counted(job) if self.place.on_card else ""
        if isinstance(found, NcuMetrics):
            return found
        return replace(self._modelled_of(job.task, job.candidate).metrics, reason=found)

    def _counted(self, job: Job) -> NcuMetrics | str:
        reference = self._of(job.task)
        arena = Arena(sealed(reference.size))
        for name, _, slot in reference.weights:
            arena.tensor(slot).copy_(reference.state[name])
        for slot, each in zip(reference.inputs, reference.draw_inputs(Distribution.OWN), strict=True):
            arena.tensor(slot).copy_(each)
        torch.cuda.empty_cache()  # the card's memory is the candidate's too
        try:
            told = setup_of(job.candidate.source, reference, self.place)
            return ncu.profile(told, arena.descriptor, job.counters)
        finally:
            arena.close()


def _with_model(examined: Examined, found: Modelled) -> Evaluation:
    if found.refusal:
        return Evaluation(Verdict.REJECTED, found.refusal, examined.worst)
    if found.broken:
        return Evaluation(Verdict.BROKEN, found.broken, examined.worst)
    if found.unjudged or not (found.timing and found.eager):
        return Evaluation(Verdict.UNJUDGED, found.unjudged, examined.worst)
    return Evaluation(Verdict.CORRECT, "", examined.worst, found.timing, found.eager, examined.setup_ms, examined.notes)
