"""What each stage brought: how often it was asked, how often it made the best, by how much, for how many tokens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.attempt import Attempt
from agent.history import History
from agent.interval import geometric_mean
from agent.leaderboard import board_of
from sandbox.evaluation import Source, Verdict


@dataclass(frozen=True, slots=True)
class Cost:
    """What answers cost."""

    calls: int
    """Answers of the model."""
    tokens: int
    """In and out together, as far as they were counted."""
    uncounted: int
    """Answers for which the provider did not say."""


@dataclass(frozen=True, slots=True)
class StageYield:
    """One stage, on one card by one clock."""

    source: Source
    gpu: str
    stage: str
    cost: Cost
    without_code: int
    """Replies that held none."""
    correct: int
    bests: int
    """Attempts that became their run's best, the first correct ones among them."""
    held: int
    """Runs whose best it was in the end."""
    gains: tuple[float, ...]
    """Time of the last best over that of the new one; none for a first correct attempt, nor where the last best fell
    when it was judged again: there is nothing to compare it with."""

    @property
    def gain(self) -> float | None:
        """Geometric mean of ``gains``; None where there is none."""
        mean = geometric_mean(self.gains)
        return mean.ratio if mean else None

    @property
    def gain_per_1000_tokens(self) -> float | None:
        """What 1000 tokens multiply the speed by, those of vain attempts included; None where some are not counted."""
        if self.gain is None or self.cost.uncounted or not self.cost.tokens:
            return None
        return self.gain ** (len(self.gains) * 1000 / self.cost.tokens)


@dataclass(frozen=True, slots=True)
class _Made:
    """An attempt, and what became of it in its run."""

    attempt: Attempt
    became_best: bool
    stayed_best: bool


def yields(histories: Iterable[History]) -> tuple[StageYield, ...]:
    """Fold runs into a yield a stage, measured ones first, card by card, stages by name.

    A kernel that the user brought is no stage's; a run that judged nowhere yields nothing.
    """
    groups: dict[tuple[Source, str, str], list[_Made]] = {}
    for history in histories:
        if board := board_of(history):
            bests = [each.number for each in history.bests]
            for attempt in history.attempts:
                if attempt.move is not None:
                    made = _Made(attempt, attempt.number in bests, attempt.number in bests[-1:])
                    groups.setdefault((*board, attempt.proposal.stage), []).append(made)
    return tuple(_yield(*key, groups[key]) for key in sorted(groups))


def cost_of(attempts: Sequence[Attempt]) -> Cost:
    """Add up what attempts cost; one without a model's answer costs nothing."""
    uses = [each.reply.usage for each in attempts if each.reply]
    tokens = sum((use.input_tokens or 0) + (use.output_tokens or 0) for use in uses)
    return Cost(len(uses), tokens, sum(use.input_tokens is None or use.output_tokens is None for use in uses))


def _yield(source: Source, gpu: str, stage: str, made: list[_Made]) -> StageYield:
    attempts = [each.attempt for each in made]
    compared = [each.attempt.comparison for each in made if each.became_best]
    return StageYield(
        source,
        gpu,
        stage,
        cost=cost_of(attempts),
        without_code=sum(each.evaluation.verdict is Verdict.UNREADABLE for each in attempts),
        correct=sum(each.evaluation.correct for each in attempts),
        bests=sum(each.became_best for each in made),
        held=sum(each.stayed_best for each in made),
        gains=tuple(sorted(each.ratio for each in compared if each and not each.fallen)),
    )
