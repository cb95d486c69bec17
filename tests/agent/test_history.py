"""History: the best is derived, and only a comparison can replace it."""

from agent.attempt import Attempt, Proposal
from agent.history import History
from agent.llm import Move, Reply, Usage
from sandbox.comparison import Comparison, Outcome
from sandbox.evaluation import Candidate, Evaluation, Source, Timing, Verdict
from tasks.task import Task

TIME = Timing((1.0,), Source.MODELLED)
CORRECT = Evaluation(Verdict.CORRECT, timing=TIME, eager=TIME)
WRONG = Evaluation(Verdict.WRONG)


def attempt(number, evaluation, outcome=None, usage=None):
    return Attempt(
        number,
        Proposal("seed"),
        Move("t", "seed", (), number),
        None,
        Reply("", usage=usage or Usage()),
        Candidate(str(number)),
        evaluation,
        Comparison(outcome, 1.0, 1.0, 1.0) if outcome else None,
    )


def history(*attempts):
    result = History(Task("s/t", ""))
    for each in attempts:
        result = result.plus(each)
    return result


def test_nothing_correct_means_no_best():
    assert history(attempt(0, WRONG)).best is None


def test_a_tie_keeps_the_incumbent_and_a_gain_replaces_it():
    made = [attempt(0, WRONG), attempt(1, CORRECT), attempt(2, CORRECT, Outcome.TIE)]
    assert history(*made).best.number == 1
    assert history(*made, attempt(3, CORRECT, Outcome.FASTER)).best.number == 3
    assert history(*made, attempt(3, CORRECT, Outcome.SLOWER)).best.number == 1


def test_unknown_prices_are_counted_and_never_called_free():
    spent = history(attempt(0, WRONG, usage=Usage(10, 20, 0.5)), attempt(1, WRONG, usage=Usage(None, None, None))).spent
    assert (spent.input_tokens, spent.output_tokens, spent.usd, spent.unpriced) == (10, 20, 0.5, 1)
