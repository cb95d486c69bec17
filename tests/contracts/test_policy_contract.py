"""What every shipped policy owes the loop: only moves that can be made, the same past always the same move, an end."""

import random

import pytest
from fakes import ALL_STAGES, PLAN, STAGES, TASK, correct

from agent.attempt import Attempt, Proposal
from agent.history import History
from agent.plugins import known_policies, policy_named
from sandbox.comparison import Comparison, Outcome
from sandbox.evaluation import Candidate, Evaluation, Verdict

FATES = [*(Verdict), Outcome.FASTER, Outcome.TIE]


def outcome(number, proposal, fate, history):
    evaluation = correct(1.0) if fate in (Verdict.CORRECT, *Outcome) else Evaluation(fate)
    comparison = None
    if evaluation.correct and history.best:
        comparison = Comparison(fate if fate in list(Outcome) else Outcome.SLOWER, 1.0, 1.0, 1.0)
    plan = PLAN if fate is Verdict.PLANNED else None
    source = f"program_{number}"
    return Attempt(number, proposal, None, None, None, Candidate(source), evaluation, comparison, plan=plan)


def play(policy, luck, turns=200):
    """Let a policy play against a judge that gives any verdict.

    Yields each history, the round proposed from it, and how many answers were left.
    """
    history = History(TASK)
    while len(history.attempts) < turns:
        left = turns - len(history.attempts)
        moves = policy.propose(history, left)
        yield history, moves, left
        if not moves:
            return
        for move in moves:
            history = history.plus(outcome(len(history.attempts), move, luck.choice(FATES), history))


@pytest.mark.parametrize("name", known_policies())
@pytest.mark.parametrize("stages", [STAGES, ALL_STAGES], ids=["plain", "all"])
@pytest.mark.parametrize("luck", range(20))
def test_moves_can_be_made_and_depend_on_the_past_alone(name, stages, luck):
    policy = policy_named(name, stages, {})
    for history, moves, left in play(policy, random.Random(luck)):
        assert list(policy_named(name, stages, {}).propose(history, left)) == list(moves)
        for move in moves:
            assert isinstance(move, Proposal)
            assert move.stage in {stage.name for stage in stages}
            assert all(0 <= parent < len(history.attempts) for parent in move.parents)


@pytest.mark.parametrize("name", known_policies())
@pytest.mark.parametrize("stages", [STAGES, ALL_STAGES], ids=["plain", "all"])
@pytest.mark.parametrize("fate", FATES)
def test_it_comes_to_an_end_whatever_the_judge_says(name, stages, fate):
    luck = random.Random(0)
    luck.choice = lambda _: fate
    *_, (_, last, _) = play(policy_named(name, stages, {}), luck)
    assert not last
