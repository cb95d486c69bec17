"""The mean over tasks and its interval: symmetric, blind to order, and Student's."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.interval import geometric_mean, student_quantile

RATIOS = st.lists(st.floats(0.01, 100.0), min_size=3, max_size=40)


@pytest.mark.parametrize(
    ("freedom", "published"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_quantiles_are_those_of_the_published_tables(freedom, published):
    assert student_quantile(freedom) == pytest.approx(published, abs=5e-4)


def test_many_degrees_of_freedom_come_near_the_normal_distribution():
    assert student_quantile(20_000) == pytest.approx(1.95996, abs=2e-4)


def test_the_mean_is_that_of_a_worked_example():
    """Logs 0, ln 2 and ln 4: mean ln 2, deviation ln 2, standard error ln 2 / √3, 4.3027 of them to each side."""
    mean = geometric_mean([1.0, 2.0, 4.0])
    reach = 2 ** (4.302653 / math.sqrt(3))
    assert mean.ratio == pytest.approx(2.0)
    assert mean.interval == pytest.approx((2 / reach, 2 * reach), rel=1e-6)


@given(RATIOS)
def test_upside_down_ratios_invert_the_mean_and_mirror_the_interval(ratios):
    mean, mirrored = geometric_mean(ratios), geometric_mean([1 / ratio for ratio in ratios])
    assert mirrored.ratio == pytest.approx(1 / mean.ratio)
    low, high = mean.interval
    assert mirrored.interval == pytest.approx((1 / high, 1 / low), rel=1e-6)


@given(RATIOS, st.randoms(use_true_random=False))
def test_the_order_of_tasks_does_not_matter_to_the_last_bit(ratios, chance):
    shuffled = list(ratios)
    chance.shuffle(shuffled)
    assert geometric_mean(shuffled) == geometric_mean(ratios)


@given(st.integers(3, 50))
def test_equal_times_give_exactly_one(pairs):
    assert geometric_mean([1.0] * pairs) == (one := geometric_mean([1.0] * 3))
    assert (one.ratio, one.interval) == (1.0, (1.0, 1.0))


@given(RATIOS, st.floats(0.1, 10.0))
def test_a_common_factor_moves_the_mean_and_the_interval_alike(ratios, factor):
    mean, moved = geometric_mean(ratios), geometric_mean([ratio * factor for ratio in ratios])
    assert moved.ratio == pytest.approx(mean.ratio * factor)
    assert moved.interval == pytest.approx(tuple(end * factor for end in mean.interval), rel=1e-6)


@pytest.mark.parametrize("ratios", [[2.0], [2.0, 3.0]])
def test_too_few_pairs_have_a_mean_and_no_interval(ratios):
    assert geometric_mean(ratios).interval is None


def test_no_pair_has_no_mean():
    assert geometric_mean([]) is None


def test_of_a_hundred_samples_about_ninety_five_intervals_hold_the_truth():
    chance = random.Random(7)
    held = 0
    for _ in range(1000):
        mean = geometric_mean([math.exp(chance.gauss(0.2, 0.5)) for _ in range(5)])
        held += mean.interval[0] < math.exp(0.2) < mean.interval[1]
    assert 930 <= held <= 970
