"""The order and the sums of a duel; ``test_measured.py`` has duels of real processes."""

import pytest

from sandbox.comparison import Outcome
from sandbox.duel import Judged
from sandbox.evaluation import Candidate, Evaluation, Source, Timing, Verdict
from sandbox.legs import fight

OLD, NEW = Candidate("old"), Candidate("new")
EAGER = Timing((4.0,) * 30, Source.MEASURED)


class Turns:
    """Stands for a card on which each candidate takes a given time, and everything a little longer each turn."""

    def __init__(self, drift, **milliseconds):
        self.drift, self.milliseconds, self.order = drift, milliseconds, []

    def leg(self, candidate):
        ms = self.milliseconds[candidate.source] * (1 + self.drift * len(self.order))
        self.order.append(candidate.source)
        return Timing(tuple(ms + n * 1e-5 for n in range(30)), Source.MEASURED)

    def again(self, candidate):
        return Evaluation(Verdict.CORRECT, timing=self.leg(candidate), eager=EAGER)


def duel(turns):
    return fight(turns, Judged(OLD, Evaluation(Verdict.CORRECT, timing=EAGER, eager=EAGER)), NEW)


@pytest.mark.parametrize(("new", "outcome"), [(1.0, Outcome.FASTER), (2.0, Outcome.TIE), (3.0, Outcome.SLOWER)])
def test_the_same_machine_says_who_is_faster(new, outcome):
    turns = Turns(0.0, old=2.0, new=new)
    found = duel(turns)
    assert turns.order == ["old", "new", "new", "old"]
    assert found.comparison.outcome is outcome
    assert found.comparison.ratio == pytest.approx(2.0 / new, rel=0.01)


def test_a_drift_of_the_machine_makes_no_winner():
    assert duel(Turns(0.02, old=1.02, new=1.0)).comparison.outcome is Outcome.TIE


def test_what_is_kept_is_the_time_of_the_duel():
    assert len(duel(Turns(0.0, old=2.0, new=1.0)).challenger.timing.samples_ms) == 60
