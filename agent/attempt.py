"""A move, and what came of it."""

from dataclasses import dataclass

from agent.llm import Move, Reply
from prompts.library import Prompt
from prompts.plan import Plan
from sandbox.comparison import Comparison
from sandbox.evaluation import Candidate, Evaluation, Verdict
from sandbox.metrics import NcuMetrics


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next move of a policy: ask this stage, starting from those attempts."""

    stage: str
    parents: tuple[int, ...] = ()
    """Numbers of the attempts to start from; none for a seed. A rewrite starts from a kernel and from a plan."""
    again: bool = False
    """Once more, for the bare answer: the reply before could not be read."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A move that was made: the whole story of one turn. Never changed afterwards, but for late counters."""

    number: int
    """0 for the first."""
    proposal: Proposal
    move: Move | None
    """None for a kernel that the user brought."""
    prompt: Prompt | None
    reply: Reply | None
    candidate: Candidate
    """Source empty where the reply held no code, or a plan was asked for."""
    evaluation: Evaluation
    comparison: Comparison | None = None
    """Against the best so far; None while there was none, or where this one is not correct."""
    profile: NcuMetrics | None = None
    """Counters, read when the attempt became the best, or later, when it was combined with the best."""
    mends: tuple[str, ...] = ()
    """Names of the rules that changed the reply's code before it was judged; none where it is as the model wrote it."""
    plan: Plan | None = None
    """What the reply proposed, where a plan was asked for and could be read: the verdict is then PLANNED."""

    def __post_init__(self) -> None:
        """Refuse a plan that was judged and a verdict PLANNED without one; raises ValueError."""
        if (self.plan is not None) != (self.evaluation.verdict is Verdict.PLANNED):
            raise ValueError(f"attempt {self.number} is {self.evaluation.verdict}, with plan {self.plan}")
