"""One candidate's trial on the judge's side: its reference, its examination, its time."""

import os
from dataclasses import replace

import torch

from sandbox.child.arena import Arena, sealed
from sandbox.child.card import CardError
from sandbox.devices import Place
from sandbox.evaluation import Candidate, Environment, Evaluation, Verdict
from sandbox.examine import Examined, examine
from sandbox.guest import Guest, setup_of
from sandbox.health import Probe
from sandbox.inputs import Distribution
from sandbox.measured import Measurer
from sandbox.metrics import NcuMetrics
from sandbox.modelled import Modelled, model
from sandbox.prepared import Prepared
from sandbox.process import run
from sandbox.profilers import ncu
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.shrunk import small_source
from sandbox.spares import Nursery
from sandbox.wire import Job
from tasks.program import load
from tasks.task import Task

AHEAD, AHEAD_ON_CARD = 1, 2
"""Candidates that are built before their turn."""
_SCARCITY = (Verdict.OUT_OF_MEMORY, Verdict.TIMED_OUT)


class Judge:
    """Judges at one place. It keeps what it knows of the last task, for the next candidate is of the same."""

    def __init__(self, place: Place, environment: Environment, probe: Probe, notes: tuple[str, ...] = ()) -> None:
        """Start processes that wait for candidates; ``environment`` and ``notes`` go into every evaluation."""
        self.place, self.environment, self.probe, self._notes = place, environment, probe, notes
        ahead = AHEAD_ON_CARD if place.on_card else AHEAD
        self.nursery = Nursery(place, _spares(place), probe.settled)
        self.prepared = Prepared(self.nursery, ahead)
        self._reference: Reference | None = None
        self._measurer: Measurer | None = None
        self._modelled: tuple[str, str, Modelled] | None = None

    def prepare(self, job: Job, *, at_once: bool) -> None:
        """Take the hint; the candidate is built ``at_once`` where that may be and its task's reference is there."""
        self.prepared.want(job)
        if at_once and self._reference and self._reference.task == job.task:
            self.prepared.begin(self._reference)

    def evaluate(self, job: Job) -> Evaluation:
        """Judge a screened candidate. Raises TaskError and SandboxError for what is not its fault."""
        try:
            evaluation = self._once(job)
            if not self.prepared.living or not self._doubtful(evaluation):
                return evaluation
        except (CardError, torch.OutOfMemoryError, MemoryError):  # ours: theirs is a verdict
            if not self.prepared.living:
                raise
        self.prepared.clear()
        return self._once(job)

    def _doubtful(self, evaluation: Evaluation) -> bool:
        """Whether it may be the fault of those that were built meanwhile."""
        return evaluation.verdict in _SCARCITY or (not evaluation.correct and self.probe.crowded())

    def _once(self, job: Job) -> Evaluation:
        reference = self._of(job.task)
        reference.draw_weights(again=False)
        if self.place.on_card:
            self._sit(job, reference)
        built = self.prepared.claim(job.candidate, job.plan.build_timeout_s)
        self.prepared.displace(job.candidate)
        self.prepared.begin(reference)
        try:
            evaluation = self._measure(job, built) if self.place.on_card else self._model(job, reference, built)
        except Ruling as ruling:
            evaluation = ruling.evaluation
        environment = replace(self.environment, unprotected=self.nursery.isolation.unprotected)
        phases, notes = reference.watch.read(prepared=built is not None), (*evaluation.notes, *self._notes)
        return replace(evaluation, environment=environment, phases=phases, notes=notes)

    def _of(self, task: Task) -> Reference:
        if self._reference and self._reference.task == task:
            self._reference.watch.restart()
            return self._reference
        self._reference = self._measurer = None  # the old one's memory goes before the new one takes its own
        self.prepared.clear()
        source = task.source if self.place.on_card else small_source(task)
        self._reference = Reference(task, source, self.place.device)
        return self._reference

    def _sit(self, job: Job, reference: Reference) -> None:
        if self._measurer is None or self._measurer.plan != job.plan:
            self._measurer = Measurer(reference, job.plan, self.nursery)

    def _measure(self, job: Job, built: Guest | None) -> Evaluation:
        assert self._measurer
        return self._measurer.evaluate(job.candidate, built)

    def _model(self, job: Job, reference: Reference, built: Guest | None) -> Evaluation:
        guest = built or Guest(job.candidate.source, reference, self.nursery)
        try:
            examined = examine(guest, job.plan)
        finally:
            guest.close()
        found = self._modelled_of(job.task, job.candidate)
        return _with_model(examined, found)

    def unwell(self) -> str:
        """Say in one line what is wrong with the card after a candidate; empty where nothing is."""
        self.prepared.pause()
        try:
            if self.prepared.living and (not self.probe.settled() or self.probe.crowded()):
                self.prepared.clear()
            return self.probe.unwell(company=self.prepared.living)
        except RuntimeError as error:  # torch's own class for what the driver says, and the probe's
            return " ".join(str(error).split())[:300]

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


def _spares(place: Place) -> int:
    """Say how many processes wait for a candidate: on a card their imports stand still for half of the time."""
    return max(2, min(4, (os.cpu_count() or 1) // 4)) if place.on_card else 1


def _with_model(examined: Examined, found: Modelled) -> Evaluation:
    if found.refusal:
        return Evaluation(Verdict.REJECTED, found.refusal, examined.worst)
    if found.broken:
        return Evaluation(Verdict.BROKEN, found.broken, examined.worst)
    if found.unjudged or not (found.timing and found.eager):
        return Evaluation(Verdict.UNJUDGED, found.unjudged, examined.worst)
    return Evaluation(Verdict.CORRECT, "", examined.worst, found.timing, found.eager, examined.setup_ms, examined.notes)
