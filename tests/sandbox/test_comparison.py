"""Comparison: faster only when the data say so."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import comparison
from sandbox.comparison import Outcome, median_interval
from sandbox.evaluation import Evaluation, Source, Timing, Verdict


def correct(timing, eager=None):
    return Evaluation(Verdict.CORRECT, timing=timing, eager=eager or Timing((3.0,), timing.source))


def compare(incumbent, challenger):
    return comparison.compare(correct(incumbent), correct(challenger))


def noisy(centre, spread, n=40, seed=0):
    draw = random.Random(seed)
    return Timing(tuple(centre * (1 + draw.uniform(-spread, spread)) for _ in range(n)), Source.MEASURED)


def test_a_clear_gain_is_faster_and_its_mirror_slower():
    fast, slow = noisy(1.0, 0.01), noisy(2.0, 0.01, seed=1)
    assert compare(slow, fast).outcome is Outcome.FASTER
    assert compare(fast, slow).outcome is Outcome.SLOWER
    assert compare(slow, fast).ratio == pytest.approx(2.0, rel=0.02)


def test_two_runs_of_the_same_program_tie():
    assert compare(noisy(1.0, 0.05), noisy(1.0, 0.05, seed=7)).outcome is Outcome.TIE


def test_a_gain_under_one_per_cent_ties_however_narrow():
    assert compare(Timing((1.005,) * 50, Source.MEASURED), Timing((1.0,) * 50, Source.MEASURED)).outcome is Outcome.TIE


def test_a_gain_inside_the_noise_ties():
    assert compare(noisy(1.03, 0.4, n=10), noisy(1.0, 0.4, n=10, seed=3)).outcome is Outcome.TIE


def test_modelled_times_have_no_spread():
    result = compare(Timing((3.0,), Source.MODELLED), Timing((2.0,), Source.MODELLED))
    assert (result.outcome, result.low, result.ratio, result.high) == (Outcome.FASTER, 1.5, 1.5, 1.5)


def test_measured_against_modelled_is_refused():
    with pytest.raises(ValueError, match="measured time against a modelled"):
        compare(Timing((1.0,), Source.MEASURED), Timing((1.0,), Source.MODELLED))


@given(st.lists(st.floats(0.5, 2.0), min_size=1, max_size=60), st.lists(st.floats(0.5, 2.0), min_size=1, max_size=60))
def test_the_interval_holds_the_ratio_and_the_outcome_agrees_with_it(a, b):
    result = compare(Timing(tuple(a), Source.MEASURED), Timing(tuple(b), Source.MEASURED))
    assert result.low <= result.ratio <= result.high
    if result.outcome is Outcome.FASTER:
        assert result.low > 1
    if result.outcome is Outcome.SLOWER:
        assert result.high < 1


def test_the_interval_of_a_median_covers_it_nineteen_times_of_twenty():
    draw = random.Random(5)
    hits = 0
    for _ in range(400):
        low, high = median_interval(Timing(tuple(draw.lognormvariate(0, 0.3) for _ in range(40)), Source.MEASURED))
        hits += low <= 1.0 <= high
    assert hits >= 370


def test_times_of_two_sittings_are_compared_by_their_own_eager_times():
    slow_day = correct(noisy(2.0, 0.001), eager=noisy(4.0, 0.001, seed=2))
    fast_day = correct(noisy(1.5, 0.001, seed=3), eager=noisy(2.0, 0.001, seed=4))
    result = comparison.compare(slow_day, fast_day)
    assert result.outcome is Outcome.SLOWER
    assert result.ratio == pytest.approx(2 / 3, rel=0.01)


def test_only_correct_candidates_are_compared():
    with pytest.raises(ValueError, match="only correct"):
        comparison.compare(correct(noisy(1.0, 0.1)), Evaluation(Verdict.WRONG))


def test_legs_in_turns_say_faster():
    found = comparison.of_legs(
        (noisy(2.0, 0.01), noisy(2.0, 0.01, seed=1)), (noisy(1.0, 0.01), noisy(1.0, 0.01, seed=2))
    )
    assert found.outcome is Outcome.FASTER
    assert found.ratio == pytest.approx(2, rel=0.02)


def test_a_gain_within_twice_what_the_same_program_differs_from_itself_is_a_tie():
    drifting = (noisy(1.05, 0.001), noisy(1.02, 0.001))
    assert comparison.of_legs(drifting, (noisy(1.0, 0.001), noisy(1.0, 0.001))).outcome is Outcome.TIE
    steady = (noisy(1.05, 0.001), noisy(1.05, 0.001))
    assert comparison.of_legs(steady, (noisy(1.0, 0.001), noisy(1.0, 0.001))).outcome is Outcome.FASTER
