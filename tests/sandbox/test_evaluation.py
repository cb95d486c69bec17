"""Evaluation: a result that cannot contradict itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.evaluation import Candidate, Evaluation, Source, Timing, Verdict

MEASURED = Timing((2.0, 1.0, 4.0), Source.MEASURED)
MODELLED = Timing((1.0,), Source.MODELLED)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.CORRECT])
def test_a_failure_cannot_be_timed(verdict):
    with pytest.raises(ValueError, match="cannot be timed"):
        Evaluation(verdict, timing=MEASURED, eager=MEASURED)
    assert Evaluation(verdict).speedup is None


def test_a_success_must_be_timed_beside_the_reference():
    with pytest.raises(ValueError, match="cannot be untimed"):
        Evaluation(Verdict.CORRECT)
    with pytest.raises(ValueError, match="cannot be untimed"):
        Evaluation(Verdict.CORRECT, timing=MEASURED)


def test_measured_and_modelled_times_never_make_a_ratio():
    with pytest.raises(ValueError, match="modelled over measured"):
        Evaluation(Verdict.CORRECT, timing=MODELLED, eager=MEASURED)


def test_speedup_is_eager_over_candidate():
    slow = Timing((4.0,), Source.MEASURED)
    assert Evaluation(Verdict.CORRECT, timing=MEASURED, eager=slow).speedup == 2.0


@pytest.mark.parametrize("samples", [(), (1.0, 0.0), (-1.0,)])
def test_a_timing_needs_positive_samples(samples):
    with pytest.raises(ValueError, match="positive samples"):
        Timing(samples, Source.MEASURED)


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=50))
def test_percentiles_are_samples_in_order(samples):
    timing = Timing(tuple(samples), Source.MEASURED)
    p10, p90 = timing.percentile_ms(10), timing.percentile_ms(90)
    assert p10 in samples
    assert p90 in samples
    assert p10 <= timing.median_ms <= p90 or len(samples) < 10


def test_a_digest_names_the_text():
    assert Candidate("a").digest == Candidate("a").digest != Candidate("a ").digest
    assert len(Candidate("a").digest) == 16
