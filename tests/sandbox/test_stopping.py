import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.evaluation import SandboxError, Source, Timing
from sandbox.stopping import LONGEST_REST_S, believed, enough, noise_ms, rest_s, steady
from sandbox.wire import MeasurePlan

PLAN = MeasurePlan(min_samples=30, max_samples=200, max_noise=0.005, max_seconds=10)
times = st.floats(0.01, 1e4)


def enough_of(samples, seconds, clocks=None):
    return enough(samples, clocks or [1980.0] * len(samples), PLAN, seconds)


def test_still_samples_stop_at_the_least_number():
    assert not enough_of([1.0] * 29, 0.1)
    assert enough_of([1.0] * 30, 0.1)


def test_noisy_samples_go_on():
    assert not enough_of([1.0, 2.0] * 30, 0.1)
    assert enough_of([1.0, 2.0] * 100, 0.1)


def test_a_median_that_is_known_as_well_as_the_release_is_enough():
    samples = [1.0, 1.2] * 15
    assert not enough(samples, [1980.0] * 30, PLAN, 0.1, near_ms=0.09)
    assert enough(samples, [1980.0] * 30, PLAN, 0.1, near_ms=0.1)


def test_between_blocks_nobody_looks():
    assert not enough_of([1.0] * 31, 0.1)
    assert enough_of([1.0] * 40, 0.1)


@given(st.lists(times, max_size=300), st.floats(0, 20))
def test_it_never_stops_early_and_never_goes_on_for_ever(samples, seconds):
    stop = enough_of(samples, seconds)
    if len(samples) < 3:
        assert not stop
    elif len(samples) >= 200 or seconds >= 10:
        assert stop
    elif len(samples) < 30:
        assert not stop


@given(st.lists(times, min_size=3, max_size=100), st.floats(0.5, 100))
def test_noise_is_not_negative_and_grows_with_the_times(samples, factor):
    one, scaled = (noise_ms(Timing(tuple(each * by for each in samples), Source.MEASURED)) for by in (1, factor))
    assert one >= 0
    assert scaled == pytest.approx(one * factor, abs=1e-6 * factor)


HIGH, LOW = 1980.0, 1500.0


def test_runs_at_a_low_clock_are_dropped():
    assert steady([HIGH] * 20 + [1000.0, 1900.0]) == [*range(20), 21]


def test_runs_without_a_readable_clock_are_kept():
    assert steady([0.0, 0.0]) == believed([0.0, 0.0]) == [0, 1]
    assert steady([]) == []


def test_one_run_at_a_higher_clock_than_all_others_is_not_the_measure():
    clocks = [HIGH] + [1700.0] * 29
    assert len(steady(clocks)) >= 29
    assert rest_s(clocks) == 0.0


def test_a_card_whose_clock_does_not_hold_is_not_believed():
    assert believed([HIGH] * 80 + [900.0] * 20) == [*range(80)]
    with pytest.raises(SandboxError, match="21 of 100 runs were not within 10% of 1980 MHz"):
        believed([HIGH] * 79 + [900.0] * 21)


def test_a_card_that_no_rest_brings_back_is_believed_where_it_stays():
    clocks = [HIGH] * 40 + [1700.0] * 260
    assert not enough_of([1.0] * 300, 1.0, clocks)
    assert enough_of([1.0] * 300, 10.0, clocks)
    assert believed(clocks) == [*range(40, 300)]


@pytest.mark.parametrize(("low", "held"), [(15, 85), (25, 125)])
def test_a_card_that_begins_at_a_low_clock_is_given_until_the_end_to_hold_it(low, held):
    clocks = [LOW] * low + [HIGH] * 200
    begun = low + 15
    assert not enough_of([1.0] * begun, 1.0, clocks[:begun]), "more than a fifth was low"
    assert enough_of([1.0] * held, 1.0, clocks[:held])
    assert believed(clocks[:held]) == [*range(low, held)]
    assert enough_of([1.0] * begun, 10.0, clocks[:begun]), "for ever is too long"


def test_a_card_rests_longer_the_more_of_its_last_runs_were_at_a_low_clock():
    assert rest_s([]) == rest_s([HIGH] * 5) == rest_s([0.0] * 5) == 0.0
    assert 0 < rest_s([HIGH] * 9 + [LOW]) < rest_s([HIGH] * 8 + [LOW] * 2) <= LONGEST_REST_S
    assert rest_s([HIGH] * 60 + [LOW] * 10) == LONGEST_REST_S
    assert rest_s([HIGH] * 60 + [LOW] * 10 + [HIGH] * 10) == 0.0
