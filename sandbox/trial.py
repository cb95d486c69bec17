"""The controller's side of a bench: one long-lived judge process, jobs in, reports out."""

import json
import os
import select
import threading
import time
from dataclasses import replace

from sandbox import nvml
from sandbox.codec import decode, encode
from sandbox.devices import Place, choose, memory_bytes, versions
from sandbox.evaluation import Candidate, Environment, Evaluation, SandboxError
from sandbox.isolation import strongest
from sandbox.metrics import NcuMetrics
from sandbox.process import Box, Child, module_command
from sandbox.screen import screen
from sandbox.wire import Job, MeasurePlan, Report
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
        self._judge: _JudgeProcess | None = None
        self._turn = threading.Lock()

    def evaluate(self, task: Task, candidate: Candidate) -> Evaluation:
        """Check, then time beside the reference. Waits. Raises SandboxError."""
        if screened := screen(candidate):
            return replace(screened, environment=self.environment)
        evaluation = self._answer(Job(task, candidate, self._plan)).evaluation
        assert evaluation
        return evaluation

    def profile(self, task: Task, candidate: Candidate, counters: tuple[str, ...]) -> NcuMetrics:
        """Counters of a correct candidate's kernels; ``counters`` is not empty. Raises SandboxError."""
        metrics = self._answer(Job(task, candidate, self._plan, counters)).metrics
        assert metrics
        return metrics

    def _answer(self, job: Job) -> Report:
        with self._turn:
            if self._judge is None:
                self._judge = _JudgeProcess(self._place, self.environment)
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


class _JudgeProcess:
    """One judge, its pipes and its log."""

    def __init__(self, place: Place, environment: Environment) -> None:
        jobs, self._jobs = os.pipe()
        self._reports, reports = os.pipe()
        told = (place.kind.value, place.gpu.id, json.dumps(encode(environment)), str(reports))
        # A reference that asks for more than there is gets an error, not the whole machine killed.
        box = Box(address_space=0 if place.on_card else memory_bytes() + (8 << 30))
        try:
            self._child = Child(module_command("sandbox.judge", *told), box, fds=(reports,), stdin=jobs)
        finally:
            os.close(jobs)
            os.close(reports)
        self._pending = b""

    def answer(self, job: Job) -> Report:
        """Send one job and wait for its report; raises SandboxError where the judge died or takes too long."""
        deadline = time.monotonic() + _patience_s(job.plan)
        message = json.dumps(encode(job)).encode() + b"\n"
        try:
            while message:
                message = message[os.write(self._jobs, message) :]
        except BrokenPipeError:
            raise self._death() from None
        while b"\n" not in self._pending:
            ready, _, _ = select.select([self._reports], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise SandboxError(f"the judge gave no report within {_patience_s(job.plan):.0f} s")
            chunk = os.read(self._reports, 1 << 16)
            if not chunk:
                raise self._death()
            self._pending += chunk
        line, _, self._pending = self._pending.partition(b"\n")
        return decode(Report, json.loads(line))

    def _death(self) -> SandboxError:
        status = self._child.kill()
        tail = " ".join(self._child.tail.split())[-600:]
        return SandboxError(f"the judge's process ended with status {status}: {tail or 'it said nothing'}")

    def kill(self) -> None:
        """End it and all that it started."""
        self._child.kill()
        for each in (self._jobs, self._reports):
            os.close(each)


def _patience_s(plan: MeasurePlan) -> float:
    """Give the longest that an honest trial takes: baseline, null candidate and candidate with all their deadlines."""
    calls = plan.input_sets * plan.weight_sets + plan.weight_sets
    return 3 * (plan.build_timeout_s + plan.max_seconds) + 2 * calls * plan.run_timeout_s + 300
