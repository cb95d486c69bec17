"""The controller's side of a bench: long-lived judge processes, one a card; jobs in, reports out."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from sandbox import nvml
from sandbox.comparison import Outcome
from sandbox.devices import Place, PlaceKind, choose, versions
from sandbox.duel import Duel, Judged, by_what_is_known
from sandbox.evaluation import Candidate, Environment, Evaluation, SandboxError
from sandbox.isolation import strongest
from sandbox.judge_process import JudgeProcess
from sandbox.metrics import NcuMetrics
from sandbox.screen import screen
from sandbox.station import PutAsideError, Station
from sandbox.wire import Job, MeasurePlan, Report, ahead
from tasks.flaw import Finding
from tasks.task import Task

_LOG = logging.getLogger("kernelwright")


def open_bench(gpu_id: str | None, plan: MeasurePlan, *, place: str = "auto", all_cards: bool = False) -> "JudgeBench":
    """Choose a place (``auto``, ``cuda``, ``emulated``) and make its bench; starts no process. Raises SandboxError.

    ``all_cards`` judges on every card of the first one's kind that may be used, not on the first alone.
    """
    found = choose(gpu_id, place)
    return JudgeBench(found, plan, nvml.cards() if all_cards and found.on_card else ())


class JudgeBench:
    """A ``Bench``: evaluates as many candidates at a time as it has cards; further threads wait."""

    def __init__(self, place: Place, plan: MeasurePlan, cards: Sequence[str] = ()) -> None:
        """Start nothing: a judge is started by the first job. ``cards`` are UUIDs; none means the first card."""
        name = (nvml.device_name() or place.gpu.name) if place.on_card else place.gpu.id
        self.gpu = place.gpu
        self.environment = Environment(place.kind.value, name, versions(), strongest().unprotected)
        self._plan, self._ahead = plan, ahead(on_card=place.on_card)
        start: Callable[..., JudgeProcess] = partial(JudgeProcess, place, self.environment, _LOG.warning)
        self._stations = [Station(each, partial(start, each)) for each in cards] or [
            Station((nvml.uuid() if place.on_card else None) or name, start)
        ]
        self._at_work = set[Station]()
        self._changed = threading.Condition()

    def prepare(self, task: Task, candidate: Candidate) -> None:
        """Hint that ``evaluate`` of the same will follow: it is built meanwhile. Does not wait for anything.

        Call it before ``evaluate`` of the candidate that comes first. Dropped where no judge is free, and where the
        candidate cannot be judged at all. Raises SandboxError where no judge can be started.
        """
        if screen(candidate):
            return
        with self._changed:
            free = [each for each in self._stations if each not in self._at_work and not each.put_aside]
            if free:
                free[0].hint(Job(task, candidate, self._plan, prepare=True))

    def evaluate(self, task: Task, candidate: Candidate) -> Evaluation:
        """Check, then time beside the reference. Waits. Raises SandboxError."""
        if screened := screen(candidate):
            return replace(screened, environment=self.environment)
        evaluation = self._answer(Job(task, candidate, self._plan)).evaluation
        assert evaluation
        return evaluation

    def duel(self, task: Task, incumbent: Judged, challenger: Judged) -> Duel:
        """Compare with the best so far: on a card both are judged again in turns, unless the challenger is slower."""
        known = by_what_is_known(incumbent, challenger)
        assert known.comparison
        if self.environment.place != PlaceKind.CUDA or known.comparison.outcome is Outcome.SLOWER:
            return known
        duel = self._answer(Job(task, challenger.candidate, self._plan, against=incumbent)).duel
        assert duel
        # What was found of it before is still so: sizes beside its own are tried the first time alone.
        labels = tuple(dict.fromkeys((*duel.challenger.labels, *challenger.evaluation.labels)))
        return replace(duel, challenger=replace(duel.challenger, labels=labels)) if duel.comparison else duel

    def evaluate_all(self, jobs: Iterable[tuple[Task, Candidate]]) -> list[Evaluation | SandboxError]:
        """Evaluate all, each built while the one before it is judged, on all cards; in order.

        A fault of a task's or the machine's stands in the place of its evaluation.
        """
        waiting = deque(enumerate(jobs))
        answers = dict[int, Evaluation | SandboxError]()

        def work() -> None:
            mine = deque[tuple[int, tuple[Task, Candidate]]]()
            while True:
                while len(mine) <= self._ahead and (following := _next(waiting)):
                    if mine:  # the first one's turn has come
                        self.prepare(*following[1])
                    mine.append(following)
                if not mine:
                    return
                index, job = mine.popleft()
                try:
                    answers[index] = self.evaluate(*job)
                except SandboxError as error:
                    answers[index] = error

        with ThreadPoolExecutor(len(self._stations)) as workers:
            for each in [workers.submit(work) for _ in self._stations]:
                each.result()
        return [answer for _, answer in sorted(answers.items(), key=lambda each: each[0])]

    def profile(self, task: Task, candidate: Candidate, counters: tuple[str, ...]) -> NcuMetrics:
        """Counters of a correct candidate's kernels; ``counters`` is not empty. Raises SandboxError."""
        metrics = self._answer(Job(task, candidate, self._plan, counters)).metrics
        assert metrics
        return metrics

    def lint(self, task: Task) -> tuple[Finding, ...]:
        """Examine a task itself, before any candidate of it. Waits. Raises SandboxError."""
        findings = self._answer(Job(task, Candidate(""), self._plan, lint=True)).findings
        assert findings is not None
        return findings

    def _answer(self, job: Job) -> Report:
        while True:
            with self._free_station(job) as station:
                try:
                    report = station.answer(job)
                except PutAsideError as error:
                    _LOG.warning("%s", error)
                    continue  # to another card; where there is none, the next round says so
            if report.fault:
                raise SandboxError(report.fault)
            return report

    @contextmanager
    def _free_station(self, job: Job) -> Generator[Station]:
        with self._changed:
            while not (free := [each for each in self._able() if each not in self._at_work]):
                self._changed.wait()
            station = max(free, key=lambda each: each.expects(job))
            self._at_work.add(station)
        try:
            yield station
        finally:
            with self._changed:
                self._at_work.discard(station)
                self._changed.notify_all()

    def _able(self) -> list[Station]:
        able = [each for each in self._stations if not each.put_aside]
        if not able:
            raise SandboxError("; ".join(each.put_aside for each in self._stations))
        return able

    def close(self) -> None:
        """Stop every process that was started; waits for what is being judged."""
        with self._changed:
            while self._at_work:
                self._changed.wait()
            for each in self._stations:
                each.close()


def _next(waiting: deque[tuple[int, tuple[Task, Candidate]]]) -> tuple[int, tuple[Task, Candidate]] | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None
