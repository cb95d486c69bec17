"""Lineage: which kernels are programs of their own."""

import pytest
from fakes import TASK, correct

from agent.attempt import Attempt, Proposal
from agent.history import History
from agent.lineage import Lineage
from sandbox.comparison import Comparison, Outcome
from sandbox.evaluation import Candidate, Evaluation, Verdict


def past(*turns):
    """A history of (move, source, ms or None for wrong, comparison)."""
    history = History(TASK)
    for number, (move, source, ms, *comparison) in enumerate(turns):
        stage, *parents = move.split()
        proposal = Proposal(stage, tuple(map(int, parents)))
        evaluation = correct(ms) if ms else Evaluation(Verdict.WRONG)
        made = Attempt(number, proposal, None, None, None, Candidate(source), evaluation, *comparison)
        history = history.plus(made)
    return history


def rivals(history):
    return [each.number for each in Lineage(history, {"rewrite"}).rivals(history.best)]


SLOWER = Comparison(Outcome.SLOWER, 0.9, 0.8, 0.95)
FASTER = Comparison(Outcome.FASTER, 1.2, 1.1, 1.3)


def test_what_grew_from_the_best_or_what_it_grew_from_is_no_rival():
    history = past(("seed", "a", 9.0), ("grid 0", "b", 8.0, FASTER), ("tiling 1", "c", 8.5, SLOWER))
    assert rivals(history) == []


def test_branches_and_rewrites_are_rivals_and_those_of_another_beginning_come_first():
    turns = [("seed", "a", 9.0), ("grid 0", "b", 9.5, SLOWER), ("tiling 0", "c", 9.2, SLOWER)]
    turns += [("rewrite 0", "d", None), ("repair 3", "e", 20.0, SLOWER), ("memory 0", "f", 8.0, FASTER)]
    assert rivals(past(*turns)) == [4, 2, 1]


def test_the_old_best_is_a_rival_of_the_rewrite_that_beat_it():
    assert rivals(past(("seed", "a", 9.0), ("rewrite 0", "b", 8.0, FASTER))) == [0]


def test_a_combination_is_no_rival_of_what_it_was_made_from():
    turns = [("seed", "a", 9.0), ("rewrite 0", "b", 9.5, SLOWER), ("combine 0 1", "c", 9.9, SLOWER)]
    assert rivals(past(*turns)) == [1]


def test_the_best_that_fell_when_it_was_judged_again_is_no_rival():
    fell = Comparison(Outcome.TIE, 1.0, 0.9, 1.1, fallen="wrong")
    assert rivals(past(("seed", "a", 9.0), ("rewrite 0", "b", 9.5, fell))) == []


ONE = 'def f(x):\n    """One."""\n    return x * 64  # tile\n'


@pytest.mark.parametrize(
    ("other", "different"),
    [
        (ONE.replace("64", "128"), False),
        (ONE.replace("One", "Two").replace("# tile", "# wider tile"), False),
        ("# begun anew\n" + ONE.replace("    ", "  ").replace("\n", "\n\n"), False),
        (ONE.replace("*", "+"), True),
        (ONE.replace("64", '"64"'), True),
        ("def f(:\n  '''", True),
    ],
)
def test_programs_differ_in_more_than_numbers_and_remarks(other, different):
    history = past(("seed", ONE, 9.0), ("rewrite 0", other, 9.5, SLOWER))
    assert rivals(history) == ([1] if different else [])


CALL = 'x = f(  # of two\n    "tf32",\n\n    # the second\n    "row"\n    "major",\n)\n"a".join(x)\n'


@pytest.mark.parametrize(
    ("other", "different"),
    [
        (CALL.replace("tf32", "ieee"), True),
        (CALL.replace('"row"', '"column"'), True),
        (CALL.replace("major", "minor"), True),
        (CALL.replace('"a"', '"b"'), True),
        (CALL.replace("# of two", "# of 2").replace("\n\n", "\n"), False),
        ('"""Two."""\n' + CALL, False),
        ('# remark\n\n"""Two"""  # words\n"and three"\n' + CALL + '"at the end"', False),
    ],
)
def test_a_string_is_a_word_unless_it_is_a_statement_of_its_own(other, different):
    history = past(("seed", CALL, 9.0), ("rewrite 0", other, 9.5, SLOWER))
    assert rivals(history) == ([1] if different else [])
