"""All that a template may mention. A name that is not here fails the render, loudly."""

from dataclasses import dataclass, replace

from prompts.plan import Plan
from sandbox.comparison import Comparison
from sandbox.evaluation import Candidate, Evaluation
from sandbox.gpu import GpuSpec
from sandbox.metrics import NcuMetrics
from tasks.task import Kind, Task


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An earlier attempt, as the model is shown it."""

    number: int
    stage: str
    candidate: Candidate
    evaluation: Evaluation | None = None
    """None where a prompt is printed for code that was never judged."""
    profile: NcuMetrics | None = None
    comparison: Comparison | None = None
    mends: tuple[str, ...] = ()
    """Names of the rules that changed its code before it was judged."""
    plan: Plan | None = None
    """What it proposed where a plan was asked for; such an attempt has no candidate."""


@dataclass(frozen=True, slots=True)
class Floor:
    """What the card's memory takes for inputs, weights and outputs alone."""

    bytes: int
    ms: float


@dataclass(frozen=True, slots=True)
class Scene:
    """What the model is looking at."""

    task: Task
    gpu: GpuSpec
    triton_version: str
    """Of the place that judges, for example ``3.6.0``."""
    kind: Kind = Kind.FUSION
    """Of the task, as it says or as its graph does."""
    floor: Floor | None = None
    """What no program can undercut; None where it is not known."""
    device_name: str = ""
    """The card that is really there, when it is not the one asked for; empty otherwise."""
    parents: tuple[Exhibit, ...] = ()
    """What to start from: none for a seed, two to combine, else one."""
    past: tuple[Exhibit, ...] = ()
    """What was tried lately, oldest first, so that it is not tried again."""
    plan: Plan | None = None
    """What to carry out in a rewrite; None for every other stage."""

    again: str = ""
    """Why the reply to this same question could not be read, where it is put once more; empty otherwise."""
    example: bool = True
    """Whether there is room for a worked example."""

    @property
    def parent(self) -> Exhibit | None:
        """The first parent."""
        return self.parents[0] if self.parents else None

    def alone(self, parent: Exhibit) -> "Scene":
        """Return the scene with one parent, for words that speak of one kernel."""
        return replace(self, parents=(parent,))
