"""Seed, repair until it runs, plan, then the stages in their order, always from the best, again and again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from agent.attempt import Attempt, Proposal
from agent.history import History
from agent.lineage import Lineage
from agent.passes import latest_pass
from agent.policies import Policy
from prompts.stage import Stage, StageKind
from sandbox.evaluation import Verdict

_NOTHING_TO_MEND = (Verdict.CORRECT, Verdict.PLANNED, Verdict.UNREADABLE, Verdict.UNJUDGED)
"""UNJUDGED says nothing about the candidate, and the others have none."""
_PLAN_AND_REWRITE = 2
"""Answers that a plan takes before there is a kernel of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How often is often enough."""

    repairs: int
    """In a row, of one failure."""
    passes: int
    """Over the stages that improve."""
    seeds: int
    """From nothing, while nothing is correct."""
    plans: int
    """Asked for in a run."""
    combines: int
    """Pairs of kernels combined in a run."""


class Staged:
    """The plain policy: one move at a time."""

    def __init__(self, stages: Collection[Stage], limits: Limits) -> None:
        ordered = sorted(stages, key=lambda stage: (stage.order, stage.name))
        first = {stage.kind: stage.name for stage in reversed(ordered)}
        self._seed, self._repair = first[StageKind.SEED], first[StageKind.REPAIR]
        self._analyse, self._rewrite = first.get(StageKind.PLAN), first.get(StageKind.REWRITE)
        self._combine = first.get(StageKind.COMBINE)
        self._improve = [stage for stage in ordered if stage.kind is StageKind.IMPROVE]
        self._names = {stage.name for stage in ordered}
        self._limits = limits

    def propose(self, history: History, left: int) -> Sequence[Proposal]:
        """Ask again what could not be read, else repair what failed, else rewrite or improve the best, else begin anew.

        None of these being open ends the run.
        """
        best = history.best
        move = self._asked_again(history.last, left) or self._repaired(history)
        if not move and best is None:
            move = Proposal(self._seed) if history.tried(self._seed) < self._limits.seeds else None
        elif not move and best:
            move = self._planned(best, history, left) or self._improved(best, history, left)
        return [move] if move else []

    def _asked_again(self, last: Attempt | None, left: int) -> Proposal | None:
        """Ask once more for what could not be read; for a plan only if it can still be carried out."""
        if last is None or last.evaluation.verdict is not Verdict.UNREADABLE or last.proposal.again:
            return None
        stage = last.proposal.stage
        if stage not in self._names or (stage == self._analyse and left < _PLAN_AND_REWRITE):
            return None
        return replace(last.proposal, again=True)

    def _repaired(self, history: History) -> Proposal | None:
        """Repair what failed last, or what a repair was to mend that could not be read."""
        broken = history.last
        if broken and broken.evaluation.verdict is Verdict.UNREADABLE and broken.proposal.stage == self._repair:
            broken = history.attempts[broken.proposal.parents[0]]
        if not broken or broken.evaluation.verdict in _NOTHING_TO_MEND:
            return None
        repairs = takewhile(lambda each: each.proposal.stage == self._repair, reversed(history.attempts))
        in_a_row = sum(not each.proposal.again for each in repairs)
        return Proposal(self._repair, (broken.number,)) if in_a_row < self._limits.repairs else None

    def _planned(self, best: Attempt, history: History, left: int) -> Proposal | None:
        """Carry out the latest plan if it pays and has not been; make the first one."""
        made = [attempt for attempt in history.attempts if attempt.proposal.stage == self._analyse]
        if not made:
            return self._new_plan(best, history, left)
        done = any(made[-1].number in a.proposal.parents for a in history.attempts if a.proposal.stage == self._rewrite)
        if self._rewrite and made[-1].plan and made[-1].plan.pays and not done:
            return Proposal(self._rewrite, (best.number, made[-1].number))
        return None

    def _new_plan(self, best: Attempt, history: History, left: int) -> Proposal | None:
        """Have the best analysed, if it never was; a plan that nobody could carry out is not asked for."""
        if not (self._analyse and self._rewrite) or left < _PLAN_AND_REWRITE:
            return None
        if history.tried(self._analyse) >= self._limits.plans:
            return None
        move = Proposal(self._analyse, (best.number,))
        return None if any(attempt.proposal == move for attempt in history.attempts) else move

    def _improved(self, best: Attempt, history: History, left: int) -> Proposal | None:
        """The first open stage after the one that was asked last, else what a spent pass calls for, else a new pass."""
        latest = latest_pass([stage.name for stage in self._improve], history)
        open_places = [place for place, stage in enumerate(self._improve) if not stage.is_done(best.profile)]
        ahead = [place for place in open_places if latest.number and place > latest.place]
        if not ahead and latest.won_nothing(best):
            move = self._combined(best, history) or self._new_plan(best, history, left)
            if move:
                return move
        if not ahead and latest.number < self._limits.passes:
            ahead = open_places
        return Proposal(self._improve[ahead[0]].name, (best.number,)) if ahead else None

    def _combined(self, best: Attempt, history: History) -> Proposal | None:
        """Join the best and another program, each pair once."""
        if not self._combine or history.tried(self._combine) >= self._limits.combines:
            return None
        rivals = Lineage(history, {self._rewrite} if self._rewrite else ()).rivals(best)
        moves = [Proposal(self._combine, (best.number, rival.number)) for rival in rivals]
        made = [attempt.proposal for attempt in history.attempts]
        return next((move for move in moves if move not in made), None)


def make(
    stages: Collection[Stage], repairs: int = 3, passes: int = 3, seeds: int = 2, plans: int = 1, combines: int = 2
) -> Policy:
    """Build the policy ``staged``; raises ValueError where a number makes no sense or a kind of stage is missing.

    ``repairs`` in a row of one failure, ``passes`` over the stages, ``seeds`` from nothing while nothing is correct;
    ``plans``: of the first correct kernel, and after a pass that won nothing of a best that has none yet; ``combines``:
    pairs of different programs joined after a pass that won nothing. 0 plans or combines leave those stages out.
    """
    limits = Limits(repairs, passes, seeds, plans, combines)
    if min(repairs, passes, seeds, plans, combines) < 0:
        raise ValueError("repairs, passes, seeds, plans and combines cannot be negative")
    for kind in (StageKind.SEED, StageKind.REPAIR):
        if not any(stage.kind is kind for stage in stages):
            raise ValueError(f"policy 'staged' needs a stage of kind {kind}")
    return Staged(stages, limits)
