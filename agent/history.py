"""All that is known of one run on one task: a fold over its attempts. Policies see this and nothing else."""

from dataclasses import dataclass, replace

from agent.attempt import Attempt
from sandbox.comparison import Outcome
from tasks.task import Task


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run cost so far."""

    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    """Sum of the known prices."""
    unpriced: int = 0
    """Replies whose price is unknown."""
    possibly_paid: int = 0
    """Calls that were in flight when the process was killed."""


@dataclass(frozen=True, slots=True)
class History:
    """What has been tried, in order."""

    task: Task
    attempts: tuple[Attempt, ...] = ()
    possibly_paid: int = 0

    def plus(self, attempt: Attempt) -> "History":
        """Return the history with one more attempt."""
        return replace(self, attempts=(*self.attempts, attempt))

    @property
    def best(self) -> Attempt | None:
        """The first correct attempt, replaced only by one whose comparison says faster."""
        best: Attempt | None = None
        for attempt in self.attempts:
            beats = attempt.comparison is not None and attempt.comparison.outcome is Outcome.FASTER
            if attempt.evaluation.correct and (best is None or beats):
                best = attempt
        return best

    @property
    def last(self) -> Attempt | None:
        """The latest attempt."""
        return self.attempts[-1] if self.attempts else None

    def tried(self, stage: str) -> int:
        """How often a stage was asked."""
        return sum(a.proposal.stage == stage for a in self.attempts)

    @property
    def spent(self) -> Spent:
        """Sum of what the replies cost."""
        uses = [a.reply.usage for a in self.attempts if a.reply]
        return Spent(
            input_tokens=sum(u.input_tokens or 0 for u in uses),
            output_tokens=sum(u.output_tokens or 0 for u in uses),
            usd=sum(u.usd or 0.0 for u in uses),
            unpriced=sum(u.usd is None for u in uses),
            possibly_paid=self.possibly_paid,
        )
