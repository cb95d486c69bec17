"""The controller's side of a bench: one long-lived judge process, jobs in, reports out."""

import threading
from dataclasses import replace

from sandbox import nvml
from sandbox.comparison import Outcome
from sandbox.devices import Place, choose, versions
from sandbox.duel import Duel, Judged, by_what_is_known
from sandbox.evaluation import Candidate, Environment, Evaluation, SandboxError
from sandbox.isolation import strongest
from sandbox.judge_process import JudgeProcess
from sandbox.metrics import NcuMetrics
from sandbox.screen import screen
from sandbox.wire import Job, MeasurePlan, Report
from tasks.flaw import Finding
from tasks.task import Task


def open_bench(gpu_id: str | None, plan: MeasurePlan, *, place: str = "auto") -> "JudgeBench":
    """Choose a place (``auto``, ``cuda``, ``emulated``) and make its bench; starts no process. Raises SandboxError."""
    return JudgeBench(choose(gpu_id, place), plan)


class JudgeBench:
    """A ``Bench``: evaluates one candidate after another; calls from several threads wait for each other."""

    def __init__(self, place: Place, plan: MeasurePlan) -> None:
        """Start nothing: the judge is started by the first job."""
        name = (nvml.device_name() or place.gpu.name) if place.on_card else place.gpu.id
        self.gpu = place.gpu
        self.environment = Environment(place.kind.value, name, versions(), strongest().unprotected)
        self._place, self._plan = place, plan
        self._judge: JudgeProcess | None = None
        self._turn = threading.Lock()

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
        if not self._place.on_card or known.comparison.outcome is Outcome.SLOWER:
            return known
        duel = self._answer(Job(task, challenger.candidate, self._plan, against=incumbent)).duel
        assert duel
        return duel

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
        with self._turn:
            if self._judge is None:
                self._judge = JudgeProcess(self._place, self.environment)
            try:
                report = self._judge.answer(job)
            except BaseException:  # also Ctrl-C: its answer to this job would be taken for the next one's
                self._end()
                raise
        if report.fault:
            raise SandboxError(report.fault)
        return report

    def _end(self) -> None:
        if self._judge:
            self._judge.kill()
            self._judge = None

    def close(self) -> None:
        """Stop every process that was started."""
        with self._turn:
            self._end()
