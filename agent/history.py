"""All that is known of one run on one task: a fold over its attempts. Policies see this and nothing else."""

from dataclasses import dataclass, replace

from agent.attempt import Attempt, Proposal
from sandbox.evaluation import Candidate, Environment
from sandbox.metrics import NcuMetrics
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
    given: Candidate | None = None
    """The kernel that the user brought, judged before anything is asked."""
    environment: Environment | None = None
    """Where the run judges; its times are comparable nowhere else."""
    proposed: tuple[Proposal, ...] = ()
    """The moves of the latest round."""
    proposed_from: int = 0
    """How many attempts there were when they were proposed."""
    ended: str | None = None
    """Why the run is over, in words; None while it is not."""
    worked_s: float = 0.0
    """Seconds that processes worked on the run; the time between a kill and its resumption is not work."""
    last_at: float | None = None
    """When the latest event was written, Unix seconds."""

    def plus(self, attempt: Attempt) -> "History":
        """Return the history with one more attempt."""
        return replace(self, attempts=(*self.attempts, attempt))

    def profiled(self, number: int, profile: NcuMetrics) -> "History":
        """Return the history with the counters of an attempt that was made without."""
        attempts = (replace(each, profile=profile) if each.number == number else each for each in self.attempts)
        return replace(self, attempts=tuple(attempts))

    def clocked(self, at: float, *, working: bool) -> "History":
        """Return the history as of ``at``, Unix seconds; ``working``: whether the time since the last event counts."""
        passed = max(0.0, at - self.last_at) if working and self.last_at is not None else 0.0
        return replace(self, worked_s=self.worked_s + passed, last_at=at)

    @property
    def open_moves(self) -> tuple[Proposal, ...]:
        """Moves of the latest round that have no attempt yet."""
        return self.proposed[len(self.attempts) - self.proposed_from :]

    @property
    def when_proposed(self) -> "History":
        """The history that the latest round was proposed from: all moves of a round are asked from the same past."""
        return replace(self, attempts=self.attempts[: self.proposed_from])

    @property
    def bests(self) -> tuple[Attempt, ...]:
        """Each attempt that became the best: the first correct one, then those that won their comparison."""
        found: list[Attempt] = []
        for attempt in self.attempts:
            wins = attempt.comparison is not None and attempt.comparison.wins
            if attempt.evaluation.correct and (not found or wins):
                found.append(attempt)
        return tuple(found)

    @property
    def best(self) -> Attempt | None:
        """The latest of ``bests``."""
        return self.bests[-1] if self.bests else None

    @property
    def last(self) -> Attempt | None:
        """The latest attempt."""
        return self.attempts[-1] if self.attempts else None

    def tried(self, stage: str) -> int:
        """How often a stage was asked, not counting where it was asked again for the bare answer."""
        return sum(a.proposal.stage == stage and not a.proposal.again for a in self.attempts)

    @property
    def asked(self) -> int:
        """How many attempts were asked of the model; a kernel that the user brought is none."""
        return sum(a.move is not None for a in self.attempts)

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
