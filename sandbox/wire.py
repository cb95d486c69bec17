"""What crosses the border between controller and judge: a Job goes in, a Report comes out, one JSON line each."""

from dataclasses import dataclass, field

from sandbox.evaluation import Candidate, Evaluation
from sandbox.metrics import NcuMetrics
from tasks.task import Task


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """How long to look before a number is believed, and how long to wait before a candidate is given up."""

    input_sets: int = 3
    """Fresh secret input sets a candidate is checked on, with each weight set; at least 3."""
    weight_sets: int = 2
    """Fresh secret weight sets; at least 2."""
    min_samples: int = 30
    max_samples: int = 200
    max_noise: float = 0.005
    """Half-width of the 95 % interval of the median, relative to it, at which sampling stops."""
    max_seconds: float = 10.0
    """Longest sampling."""
    build_timeout_s: float = 120.0
    """Deadline for import, build and first call (compile, autotune)."""
    run_timeout_s: float = 60.0
    """Deadline for one call."""

    def __post_init__(self) -> None:
        """Refuse fewer than 3 input sets or 2 weight sets; raises ValueError."""
        if self.input_sets < 3 or self.weight_sets < 2:
            raise ValueError("at least 3 input sets and 2 weight sets are checked")


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a judge needs for one trial."""

    task: Task
    candidate: Candidate
    plan: MeasurePlan = field(default_factory=MeasurePlan)
    counters: tuple[str, ...] = ()
    """Read these counters of the candidate instead of judging it; empty means judge."""
    prepare: bool = False
    """A hint: begin to build it, for it will be asked for. Nothing is answered."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a judge writes: first whether it is well, then an answer to each job (one of the first three is set)."""

    evaluation: Evaluation | None = None
    metrics: NcuMetrics | None = None
    fault: str = ""
    """The machine's or the task's fault, one line; raised as SandboxError by the controller."""
    unwell: str = ""
    """What is wrong with the card after this job, one line; its judge must be replaced."""
    notice: str = ""
    """No answer, but why it takes so long, one line for a person; the answer is still to come."""
