"""Seed, repair until it runs, then the stages in their order, always from the best, again and again."""

from collections.abc import Collection, Sequence

from agent.attempt import Attempt, Proposal
from agent.history import History
from agent.policies import Policy
from prompts.stage import Stage, StageKind
from sandbox.evaluation import Verdict


class Staged:
    """The plain policy: one move at a time."""

    def __init__(self, stages: Collection[Stage], repairs: int, passes: int, seeds: int) -> None:
        ordered = sorted(stages, key=lambda stage: (stage.order, stage.name))
        self._seed = next(stage.name for stage in ordered if stage.kind is StageKind.SEED)
        self._repair = next(stage.name for stage in ordered if stage.kind is StageKind.REPAIR)
        self._improve = [stage for stage in ordered if stage.kind is StageKind.IMPROVE]
        self._repairs, self._passes, self._seeds = repairs, passes, seeds

    def propose(self, history: History) -> Sequence[Proposal]:
        """Repair what failed last, else improve what is best, else begin anew, else stop."""
        last, best = history.last, history.best
        if last and self._can_repair(last, history):
            return [Proposal(self._repair, (last.number,))]
        if best is None:
            return [Proposal(self._seed)] if history.tried(self._seed) < self._seeds else []
        stage = self._next_stage(best, history)
        return [Proposal(stage.name, (best.number,))] if stage else []

    def _can_repair(self, last: Attempt, history: History) -> bool:
        stages = [attempt.proposal.stage for attempt in reversed(history.attempts)]
        in_a_row = next((i for i, stage in enumerate(stages) if stage != self._repair), len(stages))
        # UNJUDGED says nothing about the candidate: there is nothing to mend.
        failed = last.evaluation.verdict not in (Verdict.CORRECT, Verdict.UNJUDGED)
        return failed and in_a_row < self._repairs

    def _next_stage(self, best: Attempt, history: History) -> Stage | None:
        """The first open stage after the one that was asked last, else the first open one of a new pass."""
        order = {stage.name: place for place, stage in enumerate(self._improve)}
        asked = [order[a.proposal.stage] for a in history.attempts if a.proposal.stage in order]
        begun = bool(asked) + sum(now <= before for before, now in zip(asked, asked[1:], strict=False))
        open_places = [place for place, stage in enumerate(self._improve) if not stage.is_done(best.profile)]
        ahead = [place for place in open_places if asked and place > asked[-1]]
        if not ahead and begun < self._passes:
            ahead = open_places
        return self._improve[ahead[0]] if ahead else None


def make(stages: Collection[Stage], repairs: int = 3, passes: int = 3, seeds: int = 2) -> Policy:
    """Build the policy ``staged``; raises ValueError where a number makes no sense or a kind of stage is missing.

    ``repairs`` in a row of one failure, ``passes`` over the stages, ``seeds`` from nothing while nothing is correct.
    """
    if repairs < 0 or passes < 0 or seeds < 0:
        raise ValueError("repairs, passes and seeds cannot be negative")
    for kind in (StageKind.SEED, StageKind.REPAIR):
        if not any(stage.kind is kind for stage in stages):
            raise ValueError(f"policy 'staged' needs a stage of kind {kind}")
    return Staged(stages, repairs, passes, seeds)
