"""What crosses the border between controller and judge: a Job goes in, a Report comes out, one JSON line each."""

from dataclasses import dataclass, field

from sandbox.duel import Duel, Judged
from sandbox.evaluation import BaselineName, Candidate, Evaluation
from sandbox.ladder import Tier
from sandbox.metrics import NcuMetrics
from tasks.flaw import Finding
from tasks.task import Task


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """How long to look before a number is believed, and how long to wait before a candidate is given up."""

    tier: Tier = Tier.FULL
    """How closely a candidate is looked at before it is timed."""
    min_samples: int = 30
    max_samples: int = 200
    max_noise: float = 0.005
    """Half-width of the 95 % interval of the median, relative to it, at which sampling stops."""
    max_seconds: float = 10.0
    """Longest sampling; who is another program in its rehearsals is sampled twice."""
    build_timeout_s: float = 120.0
    """Deadline for import, build and first call (compile, autotune)."""
    run_timeout_s: float = 60.0
    """Deadline for one call."""
    ncu_base_clocks: bool = False
    """Let Nsight Compute hold the card at its base clocks while it counts; else they stay as they are."""
    baselines: tuple[BaselineName, ...] = (BaselineName.EAGER,)
    """Timed for each correct candidate on a card, once a task; eager is always among them."""
    compile_timeout_s: float = 900.0
    """Deadline for the first call of the reference under ``torch.compile``."""
    labels: bool = False
    """Whether to look for what costs runs of its own: decoys, library calls on a card, folded weights, other
    sizes."""

    @property
    def compiled(self) -> tuple[BaselineName, ...]:
        """The baselines beside eager, each once."""
        return tuple(dict.fromkeys(each for each in self.baselines if each is not BaselineName.EAGER))

    def __post_init__(self) -> None:
        """Refuse sample counts that contradict each other; raises ValueError."""
        if not 0 < self.min_samples <= self.max_samples:
            raise ValueError(f"the fewest samples are {self.min_samples}, the most {self.max_samples}")


def ahead(*, on_card: bool) -> int:
    """Say how many candidates are built before their turn: without a card each call takes a core's seconds."""
    return 3 if on_card else 1


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a judge needs for one trial."""

    task: Task
    candidate: Candidate
    plan: MeasurePlan = field(default_factory=MeasurePlan)
    counters: tuple[str, ...] = ()
    """Read these counters of the candidate instead of judging it; empty means judge."""
    against: Judged | None = None
    """Judge the candidate again, beside this one."""
    lint: bool = False
    """Examine the task itself instead; the candidate is an empty text then."""
    prepare: bool = False
    """A hint: begin to build it, for it will be asked for. Nothing is answered."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a judge writes: first whether it is well, then an answer to each job (one of the first four is set)."""

    evaluation: Evaluation | None = None
    metrics: NcuMetrics | None = None
    duel: Duel | None = None
    findings: tuple[Finding, ...] | None = None
    """What is wrong with the task."""
    fault: str = ""
    """The machine's or the task's fault, one line; raised as SandboxError by the controller."""
    unwell: str = ""
    """What is wrong with the card after this job, one line; its judge must be replaced."""
    notice: str = ""
    """No answer, but why it takes so long, one line for a person; the answer is still to come."""
