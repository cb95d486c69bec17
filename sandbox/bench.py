"""The sandbox's front door: the only object that the agent holds."""

from typing import Protocol

from sandbox.duel import Duel, Judged
from sandbox.evaluation import Candidate, Environment, Evaluation
from sandbox.gpu import GpuSpec
from sandbox.metrics import NcuMetrics
from tasks.flaw import Finding
from tasks.task import Task


class Bench(Protocol):
    """A GPU, a place to run, and how carefully to measure."""

    gpu: GpuSpec
    environment: Environment

    def evaluate(self, task: Task, candidate: Candidate) -> Evaluation:
        """Check, then time beside the reference. Waits. Raises SandboxError."""
        ...

    def duel(self, task: Task, incumbent: Judged, challenger: Judged) -> Duel:
        """Find out whether a correct candidate beats the best so far. Waits. Raises SandboxError."""
        ...

    def profile(self, task: Task, candidate: Candidate, counters: tuple[str, ...]) -> NcuMetrics:
        """Counters of a correct candidate. Raises SandboxError."""
        ...

    def lint(self, task: Task) -> tuple[Finding, ...]:
        """Examine a task itself, before any candidate of it. Waits. Raises SandboxError."""
        ...

    def close(self) -> None:
        """Stop every process that was started."""
        ...
