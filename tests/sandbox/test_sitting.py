import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.evaluation import Source, Timing
from sandbox.sitting import (
    BURST_BELOW_MS,
    BURST_SHARE,
    MOST_SETS,
    Copies,
    Handover,
    Sitting,
    calls_for,
    handover_of,
    rehearsals_for,
    sets_for,
    sitting_of,
)

NULL = Timing((0.18, 0.19, 0.2) * 10, Source.MEASURED)


def test_a_run_of_one_call_loses_what_the_null_candidate_costs():
    found = sitting_of(NULL, Copies(0.01, 0.01))
    assert found.net_ms(1.19, 1) == pytest.approx(1.0)


def test_a_copy_of_what_was_just_written_is_cheaper_than_the_null_candidates():
    found = sitting_of(NULL, Copies(0.05, 0.04))
    assert found.net_ms(1.18, 1) == pytest.approx(1.0)


@pytest.mark.parametrize("calls", [2, 4])
def test_a_burst_pays_the_release_once_and_the_copy_at_each_call(calls):
    found = sitting_of(NULL, Copies(0.01, 0.01))
    assert found.net_ms(calls * 0.1 + 0.18 + calls * 0.01, calls) == pytest.approx(0.1)


@given(st.floats(0, 100), st.integers(1, 32))
def test_no_time_falls_below_what_can_be_told_apart(run_ms, calls):
    found = Sitting(release_ms=0.1, resolution_ms=0.05)
    assert found.net_ms(run_ms, calls) >= 0.05 / calls


@given(st.floats(1e-3, 1e3), st.integers(0, 1 << 40), st.integers(1 << 30, 1 << 38))
def test_bursts_are_for_short_references_whose_sets_fit(eager_ms, size, card):
    sets = sets_for(eager_ms, size, card)
    assert 1 <= sets <= MOST_SETS
    assert sets == 1 or (eager_ms < BURST_BELOW_MS and sets * size * BURST_SHARE <= card)


@pytest.mark.parametrize(("eager_ms", "sets"), [(0.005, 32), (0.6, 20), (1.45, 9), (7.9, 2), (8.0, 1)])
def test_the_shorter_the_reference_the_more_calls_have_room(eager_ms, sets):
    assert sets_for(eager_ms, 1 << 10, 1 << 34) == sets


@pytest.mark.parametrize(("call_ms", "calls"), [(0.005, 20), (0.35, 18), (0.5, 12), (2.9, 3), (3.0, 2), (80.0, 2)])
def test_a_run_of_any_program_takes_its_time_if_there_is_room(call_ms, calls):
    assert calls_for(call_ms, 20) == calls
    assert calls_for(call_ms, 1) == 1


@pytest.mark.parametrize(
    ("samples_ms", "calls"), [((), 20), ((0.01,), 20), ((0.01, 0.5), 4), ((2.0,), 1), ((80.0,), 1)]
)
def test_a_rehearsal_is_whole_at_first_and_then_no_longer_than_it_takes_to_be_awake(samples_ms, calls):
    assert rehearsals_for(samples_ms, 20) == calls


def test_what_keeps_the_card_before_the_release_shows_in_the_judges_own_copies():
    known = Sitting(handover=Handover(1.0))
    assert known.idle(1.1, 1)
    assert not known.idle(1.2, 1)
    assert Sitting().idle(2.25, 1), "nothing is known yet"


def test_what_many_inputs_take_to_copy_is_no_kernel_that_stays():
    known = Sitting(handover=handover_of(0.1, 1.0, 10))
    assert known.idle(1.1, 10)
    assert not known.idle(1.1, 8)
    assert handover_of(0.1, 0.3, 1) == Handover(0.3)
