import pytest

from sandbox.comparison import Comparison, Outcome
from sandbox.duel import Duel, Judged, by_what_is_known
from sandbox.evaluation import Candidate, Evaluation, Source, Timing, Verdict


def correct(ms):
    return Evaluation(Verdict.CORRECT, timing=Timing((ms,), Source.MODELLED), eager=Timing((4.0,), Source.MODELLED))


def test_what_is_known_already_decides_without_another_look():
    old, new = Judged(Candidate("a"), correct(2.0)), Judged(Candidate("b"), correct(1.0))
    found = by_what_is_known(old, new)
    assert found.challenger is new.evaluation
    assert found.comparison.outcome is Outcome.FASTER


def test_a_duel_cannot_contradict_itself():
    won = Comparison(Outcome.FASTER, 2.0, 1.9, 2.1)
    with pytest.raises(ValueError, match="wrong cannot be compared"):
        Duel(Evaluation(Verdict.WRONG), won)
    with pytest.raises(ValueError, match="correct cannot be compared"):
        Duel(correct(1.0), None)


def test_who_falls_loses_however_fast_it_was():
    assert Comparison(Outcome.SLOWER, 0.5, 0.4, 0.6, fallen="wrong: at [0, 1]").wins
    assert not Comparison(Outcome.TIE, 1.0, 0.9, 1.1).wins
