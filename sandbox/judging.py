"""The judge: which task it has before it, which candidates are built ahead, and how the place judges them."""

import os
from dataclasses import replace

import torch

from sandbox import linting
from sandbox.case import Case
from sandbox.child.arena import Arena, sealed
from sandbox.child.card import CardError
from sandbox.devices import Place
from sandbox.duel import Duel, Judged
from sandbox.evaluation import Environment, Evaluation, Verdict
from sandbox.exchange import Exchange, room
from sandbox.followed import Follower
from sandbox.guest import Guest, setup_of
from sandbox.health import Probe
from sandbox.labels import Label, LabelKind
from sandbox.ladder import Distribution
from sandbox.legs import fight
from sandbox.metrics import NcuMetrics
from sandbox.peak import bandwidth_gb_per_s
from sandbox.prepared import Prepared
from sandbox.profilers import ncu
from sandbox.ruling import Ruling
from sandbox.spares import Nursery
from sandbox.wire import Job, ahead
from tasks.flaw import Finding
from tasks.task import Task, TaskError

_SCARCITY = (Verdict.OUT_OF_MEMORY, Verdict.TIMED_OUT)


class Judge:
    """Judges at one place. It keeps what it knows of the last task, for the next candidate is of the same."""

    def __init__(self, place: Place, environment: Environment, probe: Probe, notes: tuple[str, ...] = ()) -> None:
        """Start processes that wait for candidates; ``environment`` and ``notes`` go into every evaluation."""
        self.place, self.environment, self.probe, self._notes = place, environment, probe, notes
        self.nursery = Nursery(place, spares(place), probe.settled)
        self.prepared = Prepared(self.nursery, ahead(on_card=place.on_card))
        self._follower = Follower(self.nursery)
        self._case: Case | None = None
        self._bandwidth: tuple[float | None] | None = None

    def prepare(self, job: Job, *, at_once: bool) -> None:
        """Take the hint; the candidate is built ``at_once`` where that may be and its task's reference is there."""
        self.prepared.want(job)
        if at_once and self._case and self._case.task == job.task:
            self.prepared.begin(self._case.reference, self._case.sets)

    def evaluate(self, job: Job) -> Evaluation:
        """Judge a screened candidate. Raises TaskError and SandboxError for what is not its fault."""
        try:
            evaluation = self._once(job)
            if not self.prepared.living or not self._doubtful(evaluation):
                return evaluation
        except (TaskError, CardError, torch.OutOfMemoryError, MemoryError):  # ours: theirs is a verdict
            if not self.prepared.living:
                raise
        self.prepared.clear()
        return self._once(job, alone=True)

    def duel(self, job: Job, incumbent: Judged) -> Duel:
        """Judge two candidates in turns, on a card. Raises TaskError and SandboxError."""
        self.prepared.clear()
        case = self._of(job.task)
        found = fight(case.measurer(job.plan, self._reached()), incumbent, job.candidate)
        return replace(found, challenger=self._signed(found.challenger, case, prepared=False))

    def lint(self, task: Task) -> tuple[Finding, ...]:
        """Examine a task, which is wanted before any candidate of it is; raises SandboxError."""
        self.prepared.clear()
        self._case = None  # another task's memory
        return linting.examine(task, self.place)

    def _doubtful(self, evaluation: Evaluation) -> bool:
        """Whether it may be the fault of those that were built meanwhile."""
        return evaluation.verdict in _SCARCITY or (not evaluation.correct and self.probe.crowded())

    def _once(self, job: Job, *, alone: bool = False) -> Evaluation:
        case = self._of(job.task)
        if self.place.on_card and not case.timed(job.plan):
            if not alone:
                self.prepared.displace(job.candidate)
                self.prepared.start(job.candidate, case.reference, case.sets)  # meanwhile, and those after it
                self.prepared.begin(case.reference, case.sets)
            case.measurer(job.plan, self._reached())
        case.bank.next_candidate()
        begun = self.prepared.has(job.candidate)
        try:
            built = self.prepared.claim(job.candidate, case.sets, job.plan.build_timeout_s)
            begun = built is not None
            if not alone:
                self.prepared.displace(job.candidate)
                self.prepared.begin(case.reference, case.sets)
            evaluation = self._measured(job, case, built) if self.place.on_card else self._followed(job, case, built)
        except Ruling as ruling:
            evaluation = ruling.evaluation
        return self._signed(evaluation, case, prepared=begun)

    def _measured(self, job: Job, case: Case, built: Guest | None) -> Evaluation:
        evaluation = case.measurer(job.plan, self._reached()).evaluate(job.candidate, case.bank, built)
        wrong = case.beside(job.candidate, job.plan) if job.plan.labels else ""
        special = (Label(LabelKind.SHAPE_SPECIALISED, words=wrong),) if wrong else ()
        return replace(evaluation, labels=(*evaluation.labels, *special))

    def _followed(self, job: Job, case: Case, built: Guest | None) -> Evaluation:
        return self._follower.evaluate(job.candidate, job.plan, case, built)

    def _signed(self, evaluation: Evaluation, case: Case, *, prepared: bool) -> Evaluation:
        environment = replace(self.environment, unprotected=self.nursery.isolation.unprotected)
        phases, notes = case.reference.watch.read(prepared=prepared), (*evaluation.notes, *self._notes)
        return replace(evaluation, environment=environment, phases=phases, notes=notes)

    def _of(self, task: Task) -> Case:
        if self._case and self._case.task == task:
            self._case.reference.watch.restart()
            return self._case
        self._case = None  # the old one's memory goes before the new one takes its own
        self.prepared.clear()
        self._case = Case(task, self.nursery)
        return self._case

    def _reached(self) -> float | None:
        """Give the bandwidth of the card's memory, measured once; None where it has no room for that."""
        if self._bandwidth is None:
            self._bandwidth = (bandwidth_gb_per_s(self.place.gpu),)
        return self._bandwidth[0]

    def unwell(self) -> str:
        """Say in one line what is wrong with the card after a candidate; empty where nothing is."""
        self.prepared.pause()
        try:
            if self.prepared.living and (not self.probe.settled() or self.probe.crowded()):
                self.prepared.clear()
            return self.probe.unwell(company=self.prepared.living)
        except RuntimeError as error:  # torch's own class for what the driver says, and the probe's
            return " ".join(str(error).split())[:300]

    def profile(self, job: Job) -> NcuMetrics:
        """Read counters: the card's own where there is one and it lets us, else the compiler's facts."""
        found = self._counted(job) if self.place.on_card else ""
        if isinstance(found, NcuMetrics):
            return found
        return replace(self._follower.metrics(job.task, job.candidate), reason=found)

    def _counted(self, job: Job) -> NcuMetrics | str:
        reference = self._of(job.task).reference
        arena = Arena(sealed(room(reference, 1)))
        shared = Exchange(reference, arena, 1)
        shared.put_weights()
        for slot, each in zip(reference.inputs, reference.draw_inputs(Distribution.OWN), strict=True):
            arena.tensor(slot).copy_(each)
        torch.cuda.empty_cache()  # the card's memory is the candidate's too
        try:
            told = setup_of(job.candidate.source, reference, self.place)
            watched = ncu.Watched(told, arena.descriptor, job.plan.ncu_base_clocks)
            return ncu.profile(watched, job.counters)
        finally:
            arena.close()


def spares(place: Place) -> int:
    """Say how many processes wait for a candidate: on a card their imports stand still for half of the time."""
    return max(2, min(8, (os.cpu_count() or 1) // 2)) if place.on_card else 1
