"""Evaluation: a result that cannot contradict itself."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.codec import decode, encode
from sandbox.evaluation import Baseline, BaselineName, Candidate, Errors, Evaluation, Source, Timing, Verdict
from sandbox.labels import Label, LabelKind

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


def correct(**more):
    return Evaluation(Verdict.CORRECT, timing=MEASURED, eager=Timing((4.0,), Source.MEASURED), **more)


def compiled(timing, name=BaselineName.COMPILE):
    return Baseline(name, timing)


def test_a_speedup_over_a_compiled_baseline_and_a_share_of_the_floor():
    baseline = compiled(Timing((3.0,), Source.MEASURED))
    found = correct(baselines=(baseline,), floor_ms=0.5)
    assert found.speedup_over(baseline) == 1.5
    assert found.share_of_floor == 0.25
    assert correct().share_of_floor is None


@pytest.mark.parametrize(
    "more",
    [
        {"baselines": (compiled(MODELLED),)},
        {"baselines": (compiled(MEASURED), compiled(MEASURED))},
        {"baselines": (compiled(MEASURED, BaselineName.EAGER),)},
        {"floor_ms": 0.0},
    ],
    ids=str,
)
def test_baselines_and_floor_are_measured_with_the_candidate(more):
    with pytest.raises(ValueError):
        correct(**more)


def test_a_modelled_time_has_no_measured_floor():
    with pytest.raises(ValueError, match="floor"):
        Evaluation(Verdict.CORRECT, timing=MODELLED, eager=MODELLED, floor_ms=1.0)


@pytest.mark.parametrize(
    "more", [{"labels": (Label(LabelKind.LIBRARY),)}, {"baselines": (compiled(MEASURED),)}, {"floor_ms": 1.0}], ids=str
)
def test_what_is_not_correct_has_no_companions(more):
    with pytest.raises(ValueError, match="wrong cannot have"):
        Evaluation(Verdict.WRONG, **more)


def test_an_evaluation_goes_through_json_and_an_older_one_is_read():
    labels = (Label(LabelKind.LIBRARY_SHARE, 0.5), Label(LabelKind.DECOY, words="k"))
    errors = Errors(1e-6, 3e-6, 1e-7, 2e-7, True, 1e-6, 1e-7)
    whole = correct(errors=errors, baselines=(compiled(MEASURED),), floor_ms=0.5, labels=labels)
    told = json.loads(json.dumps(encode(whole)))
    assert decode(Evaluation, told) == whole
    for name in ("baselines", "floor_ms", "labels"):
        del told[name]
    del told["errors"]["own_max_error"], told["errors"]["own_frobenius_error"]
    older = decode(Evaluation, told)
    assert (older.labels, older.baselines, older.floor_ms, older.errors.own_max_error) == ((), (), None, None)
    assert older.timing == whole.timing
