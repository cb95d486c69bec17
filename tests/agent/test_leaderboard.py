"""Boards: the best of each task over all runs, measured and modelled apart."""

from dataclasses import replace

import pytest
from fakes import TASK

from agent.attempt import Attempt, Proposal
from agent.history import History
from agent.leaderboard import boards
from sandbox.comparison import Comparison, Outcome
from sandbox.evaluation import Candidate, Environment, Evaluation, Source, Timing, Verdict

EMULATED = Environment("emulated", "rtx4090", "")
CARD = Environment("cuda", "NVIDIA H200", "")
OTHER = replace(TASK, id="examples/other")


def judged(ms, source=Source.MODELLED):
    if ms is None:
        return Evaluation(Verdict.WRONG)
    return Evaluation(Verdict.CORRECT, timing=Timing((ms,), source), eager=Timing((12.0,), source))


def run(*times, task=TASK, environment=EMULATED):
    """A run whose attempts took ``times`` in milliseconds, None for a wrong one; each correct one beats the last."""
    source = Source.MEASURED if environment.place == "cuda" else Source.MODELLED
    history = History(task, environment=environment)
    for number, ms in enumerate(times):
        comparison = Comparison(Outcome.FASTER, 1.1, 1.1, 1.1) if history.best and ms else None
        made = Attempt(
            number, Proposal("seed"), None, None, None, Candidate(f"{times} {number}"), judged(ms, source), comparison
        )
        history = history.plus(made)
    return history


def test_a_board_holds_the_best_of_each_task_over_all_runs_fastest_first():
    (board,) = boards({"r1": run(6.0, 4.0), "r2": run(3.0), "r3": run(5.0), "r4": run(2.0, task=OTHER)})
    assert [(row.task.id, row.run, row.speedup) for row in board.rows] == [
        ("examples/other", "r4", 6.0),
        ("examples/softmax", "r2", 4.0),
    ]
    assert (board.rank(OTHER), board.rank(TASK)) == (1, 2)


def test_measured_and_modelled_never_share_a_board():
    made = boards({"r1": run(1.0), "r2": run(6.0, environment=CARD)})
    assert [(board.source, board.gpu, len(board.rows)) for board in made] == [
        (Source.MEASURED, "NVIDIA H200", 1),
        (Source.MODELLED, "rtx4090", 1),
    ]
    assert made[0].rows[0].speedup == 2.0


def test_of_two_equal_ones_the_earlier_keeps_its_place():
    (board,) = boards({"r1": run(3.0), "r2": run(3.0)})
    assert board.rows[0].run == "r1"


def test_a_tie_within_a_run_does_not_make_another_best():
    tie = Comparison(Outcome.TIE, 1.001, 0.99, 1.01)
    history = run(4.0)
    history = history.plus(Attempt(1, Proposal("grid"), None, None, None, Candidate("t"), judged(3.99), tie))
    (board,) = boards({"r": history})
    assert board.rows[0].attempt.number == 0


def test_a_changed_reference_is_another_task():
    changed = replace(TASK, source="class Model: changed")
    (board,) = boards({"r1": run(3.0), "r2": run(4.0, task=changed)})
    assert len(board.rows) == 2


def test_the_mean_is_geometric_and_the_share_counts_failures():
    third = replace(TASK, id="examples/third")
    (board,) = boards({"a": run(3.0), "b": run(12.0 / 0.25, task=OTHER), "c": run(None, task=third)})
    assert board.geometric_mean == pytest.approx(1.0)
    assert board.tried == 3
    assert board.fast_share == pytest.approx(1 / 3)


def test_where_nothing_is_correct_there_is_no_mean():
    (board,) = boards({"a": run(None)})
    assert (board.rows, board.geometric_mean, board.fast_share, board.rank(TASK)) == ((), None, 0.0, None)


def test_a_run_that_made_no_attempt_is_on_no_board():
    assert boards({"a": run()}) == []
