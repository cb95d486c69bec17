"""One candidate's trial on the judge's side: its reference, its examination, its time."""

from dataclasses import replace

import torch

from sandbox import labelling, linting
from sandbox.bank import Bank
from sandbox.child.arena import Arena, sealed
from sandbox.devices import Place
from sandbox.duel import Duel, Judged
from sandbox.evaluation import Candidate, Environment, Evaluation, Verdict
from sandbox.examine import Examined, examine
from sandbox.guest import Guest, setup_of
from sandbox.isolation import Isolation, strongest
from sandbox.labelling import Found, Trial
from sandbox.labels import MOST_REMOVED_EMULATED, Label, LabelKind
from sandbox.ladder import Distribution, Tier
from sandbox.legs import fight
from sandbox.measured import Measurer
from sandbox.metrics import NcuMetrics
from sandbox.modelled import Modelled, model
from sandbox.neighbours import Neighbour
from sandbox.peak import bandwidth_gb_per_s
from sandbox.process import run
from sandbox.profilers import ncu
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.shrunk import small_source
from sandbox.wire import Job
from tasks.flaw import Finding
from tasks.program import load
from tasks.task import Task, TaskError


class Judge:
    """Judges at one place. It keeps what it knows of the last task, for the next candidate is of the same."""

    def __init__(self, place: Place, environment: Environment) -> None:
        """Start nothing yet; ``environment`` goes into every evaluation."""
        self.place, self.environment = place, environment
        self._reference: Reference | None = None
        self._measurer: Measurer | None = None
        self._bandwidth: tuple[float | None] | None = None
        self._bank: Bank | None = None
        self._neighbour: Neighbour | None = None
        self._modelled: tuple[str, str, Modelled] | None = None

    def evaluate(self, job: Job) -> Evaluation:
        """Judge a screened candidate. Raises TaskError and SandboxError for what is not its fault."""
        reference = self._of(job.task)
        try:
            evaluation = self._measure(job, reference) if self.place.on_card else self._model(job, reference)
        except Ruling as ruling:
            evaluation = ruling.evaluation
        return self._signed(evaluation)

    def duel(self, job: Job, incumbent: Judged) -> Duel:
        """Judge two candidates in turns, on a card. Raises TaskError and SandboxError."""
        reference = self._of(job.task)
        found = fight(self._measurer_of(job, reference), incumbent, job.candidate)
        return replace(found, challenger=self._signed(found.challenger))

    def _signed(self, evaluation: Evaluation) -> Evaluation:
        unprotected = self._measurer.isolation.unprotected if self._measurer else self.environment.unprotected
        return replace(evaluation, environment=replace(self.environment, unprotected=unprotected))

    def lint(self, task: Task) -> tuple[Finding, ...]:
        """Examine a task, which is wanted before any candidate of it is; raises SandboxError."""
        self._reference = self._measurer = None  # another task's memory
        return linting.examine(task, self.place)

    def _of(self, task: Task) -> Reference:
        if self._reference is None or self._reference.task != task:
            # The old one's memory goes before the new one takes its own.
            self._reference = self._measurer = self._bank = self._neighbour = None
            source = task.source if self.place.on_card else small_source(task)
            self._reference = Reference(task, source, self.place.device)
        return self._reference

    def _measurer_of(self, job: Job, reference: Reference) -> Measurer:
        if self._measurer is None or self._measurer.plan != job.plan:
            self._measurer = Measurer(reference, self.place, job.plan, self._reached())
        return self._measurer

    def _measure(self, job: Job, reference: Reference) -> Evaluation:
        measurer = self._measurer_of(job, reference)
        evaluation = measurer.evaluate(job.candidate)
        if job.plan.tier is Tier.LOOK or not (wrong := self._neighbour_against(job, measurer.isolation)):
            return evaluation
        label = Label(LabelKind.SHAPE_SPECIALISED, words=wrong)
        return replace(evaluation, labels=(*evaluation.labels, label))

    def _neighbour_against(self, job: Job, isolation: Isolation) -> str:
        """Try a correct candidate at sizes beside its own; nothing where the task has none that run."""
        try:
            self._neighbour = self._neighbour or Neighbour(job.task, self.place)
            return self._neighbour.against(job.candidate, job.plan, isolation)
        except TaskError:
            return ""

    def _reached(self) -> float | None:
        """Give the bandwidth of the card's memory, measured once; None where it is not asked for or has no room."""
        if self._bandwidth is None:
            self._bandwidth = (bandwidth_gb_per_s(self.place.gpu),)
        return self._bandwidth[0]

    def _model(self, job: Job, reference: Reference) -> Evaluation:
        bank = self._bank = self._bank or Bank(reference)
        bank.next_candidate()
        guest = Guest(job.candidate.source, reference, self.place, strongest())
        try:
            examined = examine(guest, job.plan, bank)
            tried = labelling.folded(guest, examined.worst, job.plan) if job.plan.labels else Found()
        finally:
            guest.close()
        found = self._modelled_of(job.task, job.candidate)
        judged = _with_model(examined, found)
        return self._labelled(job, judged, found.metrics, tried) if judged.correct else judged

    def _labelled(self, job: Job, judged: Evaluation, metrics: NcuMetrics, tried: Found) -> Evaluation:
        assert judged.timing
        assert judged.errors
        shares, ran = labelling.of_model(job.candidate.source, judged.timing, metrics)
        found = shares + tried
        if job.plan.labels:
            assert self._reference
            reference, source = self._reference, job.candidate.source

            def without(kernel: str) -> Guest:
                return Guest(source, reference, self.place, strongest(), removed=kernel)

            trial = Trial(without, reference, judged.errors, job.plan)
            found += labelling.decoys(trial, ran, MOST_REMOVED_EMULATED)
        if job.plan.compiled:
            found += Found(notes=("no torch.compile baseline: without a card times are modelled, and it has no model",))
        return replace(judged, labels=found.labels, notes=judged.notes + found.notes)

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
            watched = ncu.Watched(told, arena.descriptor, job.plan.ncu_base_clocks)
            return ncu.profile(watched, job.counters)
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
