"""Budget: every limit ends a run, and time is work, not waiting."""

from dataclasses import replace

import pytest
from fakes import EMULATED, TASK, correct

from agent.attempt import Attempt, Proposal
from agent.budget import Budget
from agent.events import AttemptMade, MovesProposed, RunStarted, WorkBegan, folded
from agent.history import History
from agent.llm import Move, Reply, Usage
from sandbox.evaluation import Candidate

ASKED = Attempt(
    0,
    Proposal("seed"),
    Move("t", "seed", (), 0),
    None,
    Reply("", usage=Usage(900, 100, 2.0)),
    Candidate("x"),
    correct(4.0),
)
HISTORY = History(TASK, (ASKED, replace(ASKED, number=1)))


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(attempts=2), "all 2 attempts made"),
        (Budget(usd=4.0), "$4.00 of $4.00 spent"),
        (Budget(tokens=2000), "2,000 of 2,000 tokens used"),
        (Budget(enough=3.0), "3.00x is enough (3x was asked for)"),
        (Budget(), None),
        (Budget(attempts=3, usd=4.01, tokens=2001, minutes=1, enough=3.01), None),
        (Budget(usd=None), None),
    ],
)
def test_a_limit_that_is_reached_is_named(budget, words):
    assert budget.exhausted_by(HISTORY) == words


def test_a_brought_kernel_is_not_counted():
    given = replace(ASKED, move=None, reply=None, proposal=Proposal("given"))
    assert Budget(attempts=1).exhausted_by(History(TASK, (given,))) is None
    assert Budget(attempts=3).attempts_left(History(TASK, (given, ASKED))) == 2


def test_an_unknown_price_is_not_counted_as_money_but_is_as_tokens():
    unpriced = replace(ASKED, reply=Reply("", usage=Usage(10, 10)))
    assert Budget(usd=0.01).exhausted_by(History(TASK, (unpriced,))) is None
    assert Budget(tokens=20).exhausted_by(History(TASK, (unpriced,))) is not None


def test_minutes_are_those_of_work_over_all_sessions():
    round_, made = MovesProposed((Proposal("seed"),)), AttemptMade(ASKED)
    sessions = [(0, WorkBegan()), (10, round_), (50, made), (9_000, WorkBegan()), (9_005, round_), (9_020, made)]
    history = History(TASK)
    for at, event in [(-500, RunStarted(TASK, "{}", EMULATED)), *sessions]:
        history = folded(history, event, at)
    assert history.worked_s == 70
    assert Budget(minutes=70 / 60).exhausted_by(history) == "1.16667 minutes worked"
    assert Budget(minutes=1.2).exhausted_by(history) is None


def test_a_clock_that_is_set_back_takes_no_work_away():
    history = folded(folded(History(TASK), WorkBegan(), 100), AttemptMade(ASKED), 40)
    assert history.worked_s == 0


@pytest.mark.parametrize("limit", ["attempts", "usd", "tokens", "minutes", "enough"])
def test_a_limit_that_lets_nothing_happen_is_refused(limit):
    with pytest.raises(ValueError, match=limit):
        Budget(**{limit: 0})
