import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sandbox.deviation import clearly_near, deviation, scale_of
from sandbox.evaluation import Errors
from sandbox.mismatch import unwritten, unwritten_message
from sandbox.truth import agrees, answered, clearly_agrees, judge, worst
from tasks.task import Tolerance

torch.manual_seed(0)
TRUTH = torch.randn(8, 64, dtype=torch.float64)
EAGER = TRUTH.float()


def finding(answer, truth=TRUTH, eager=EAGER, reduction=1, second=None):
    return judge(answer, answered(truth, [eager, *([] if second is None else [second])], reduction), Tolerance())


def test_the_eager_answer_is_right():
    assert finding(EAGER).wrong == ""


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e9])
def test_one_bad_element_is_wrong_and_named(value):
    answer = EAGER.clone()
    answer[5, 17] = value
    found = finding(answer)
    assert "[5, 17]" in found.wrong
    assert "1 of 512" in found.wrong
    assert "between rows 5 and 5" in found.wrong


def test_a_nan_is_right_only_where_the_truth_has_one():
    truth, eager = TRUTH.clone(), EAGER.clone()
    truth[0, 0] = eager[0, 0] = math.nan
    assert finding(eager, truth, eager).wrong == ""
    assert "[0, 0]" in finding(EAGER, truth, eager).wrong


def test_an_infinity_must_have_its_sign():
    truth, eager = TRUTH.clone(), EAGER.clone()
    truth[1, 2] = eager[1, 2] = math.inf
    answer = eager.clone()
    assert finding(answer, truth, eager).wrong == ""
    answer[1, 2] = -math.inf
    assert "[1, 2]" in finding(answer, truth, eager).wrong


def test_where_eager_overflows_an_overflow_is_right():
    truth, eager = TRUTH.clone(), EAGER.half()
    truth[3, 3], eager[3, 3] = 1e6, math.inf
    assert finding(eager, truth, eager).wrong == ""


def test_the_allowance_is_a_multiple_of_eagers_own_error():
    noise = torch.randn(8, 64, dtype=torch.float64)
    eager = (TRUTH + 1e-3 * noise).float()
    assert finding((TRUTH + 1e-3 * noise.flip(1)).float(), eager=eager).wrong == ""
    assert finding((TRUTH + 1e-2 * noise).float(), eager=eager).wrong


def test_a_second_legal_order_widens_the_allowance():
    noise = 1e-3 * torch.randn(8, 64, dtype=torch.float64)
    answer = (TRUTH + noise).float()
    assert finding(answer).wrong
    assert finding(answer, second=(TRUTH + noise.flip(0)).float()).wrong == ""


def test_an_error_everywhere_is_wrong_though_each_element_is_near():
    eager = TRUTH.clone()
    eager[0, 0] += 1e-2
    found = finding((TRUTH + 5e-3).float(), eager=eager.float())
    assert "all elements" in found.wrong


def test_the_floor_grows_with_the_root_of_the_reduction():
    answer = (TRUTH * (1 + 2e-5)).float()
    assert finding(answer, reduction=1).wrong
    assert finding(answer, reduction=4096).wrong == ""


def test_rows_of_zeros_are_no_division_by_zero():
    truth = TRUTH.clone()
    truth[2] = 0
    answer = truth.float()
    assert finding(answer, truth, truth.float()).wrong == ""
    answer[2, 1] = 0.5
    assert "[2, 1]" in finding(answer, truth, truth.float()).wrong


def test_all_zeros_must_be_zeros():
    zeros = torch.zeros(4, 40, dtype=torch.float64)
    assert finding(zeros.float(), zeros, zeros.float()).wrong == ""
    assert finding(zeros.float() + 1, zeros, zeros.float()).wrong


@pytest.mark.parametrize("shape", [(), (1,), (128, 1), (0, 5), (3, 1, 1, 7)])
def test_any_shape_can_be_judged(shape):
    truth = torch.randn(shape, dtype=torch.float64)
    assert finding(truth.float(), truth, truth.float()).wrong == ""
    if truth.numel():
        assert finding(truth.float() + 1, truth, truth.float()).wrong


def test_one_small_element_of_a_column_is_not_its_own_scale():
    truth = torch.ones(128, 1, dtype=torch.float64)
    truth[7] = 1e-7
    answer = truth.float()
    answer[7] = 1.5e-7
    assert finding(answer, truth, truth.float()).wrong == ""


def test_whole_numbers_are_exact():
    counts = torch.arange(10)
    known = answered(counts, [counts], 1)
    assert judge(counts, known, Tolerance()).wrong == ""
    assert "[3]" in judge(counts + (counts == 3), known, Tolerance()).wrong
    assert judge(counts + (counts == 3), known.widened(counts + (counts == 3)), Tolerance()).wrong == ""


def test_complex_numbers_are_compared_in_both_parts():
    truth = torch.randn(4, 40, dtype=torch.complex128)
    eager = truth.to(torch.complex64)
    known = answered(truth, [eager], 1)
    assert judge(eager, known, Tolerance()).wrong == ""
    assert judge(eager.conj().resolve_conj(), known, Tolerance()).wrong


@given(st.integers(0, 511), st.floats(1e-3, 1e6))
def test_no_single_element_hides(place, size):
    answer = EAGER.clone().flatten()
    answer[place] += size
    assert finding(answer.reshape(8, 64)).wrong


def test_the_quick_look_agrees_with_the_verdict():
    allowed = finding(EAGER).errors
    assert agrees(EAGER, EAGER, allowed)
    bad = EAGER.clone()
    bad[7, 63] = math.nan
    assert not agrees(bad, EAGER, allowed)
    assert not agrees(EAGER * 1.001, EAGER, allowed)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("pattern", range(0x7FF0, 0x8000))
def test_the_poison_is_nan_and_found_again(kind, pattern):
    output = torch.zeros(6, 4, dtype=kind)
    output[4:].view(torch.int16).fill_(pattern)
    assert output[4:].isnan().all()
    left = unwritten(output, pattern)
    assert left is not None
    assert unwritten_message(left) == "8 of 24 elements never written, between rows 4 and 5 of 6"
    assert unwritten(output[:4], pattern) is None


def test_the_worst_error_stands_beside_what_was_allowed_there():
    near, far = finding(EAGER, reduction=1).errors, finding(EAGER * 1.5, reduction=10000).errors
    assert worst([near, far]).max_allowed == far.max_allowed


@given(st.integers(0, 1 << 20), st.sampled_from([0.0, 1e-7, 1e-5, 1e-3]), st.sampled_from([1e-6, 1e-4]))
def test_what_is_clearly_near_is_near_by_the_closer_look_too(seed, noise, allowed):
    random = torch.Generator().manual_seed(seed)
    usual = torch.randn(16, 48, generator=random)
    answer = usual + noise * torch.randn(16, 48, generator=random)
    scale = scale_of(usual.double())
    found = deviation(answer, usual.double(), scale, torch.ones_like(usual, dtype=torch.bool))
    within = found.max_error <= allowed * 1.01 and found.frobenius <= allowed * 1.01
    assert within or not clearly_near(answer[None], usual[None], allowed, allowed)
    assert clearly_near(answer[None], usual[None], 1e-2, 1e-2)


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e3])
def test_one_bad_element_is_not_clearly_near(value):
    answer = EAGER.clone()
    answer[5, 17] = value
    assert clearly_near(torch.stack([EAGER, answer, EAGER]), EAGER.expand(3, -1, -1), 1e-3, 1e9).tolist() == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (5,), (2, 3, 4)])
@pytest.mark.parametrize("kind", [torch.float32, torch.int64, torch.bool, torch.complex64])
def test_each_set_is_near_or_not_by_itself_whatever_its_outputs(shape, kind):
    eager = torch.ones(3, *shape).to(kind)
    answers = eager.clone()
    answers[1] = 0
    found = clearly_agrees(answers, eager, Errors(0.0, 1e-3, 0.0, 1e-3, allclose=True))
    assert found.tolist() == ([True, False, True] if eager.numel() else [True] * 3)


@given(
    st.sampled_from([torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128])
)
def test_poison_is_found_in_elements_of_every_width(kind):
    output = torch.ones(4, 6, dtype=kind)
    assert unwritten(output, 0x7FF5) is None
    output.view(torch.int16).view(4, -1)[2, : output.element_size() // 2] = 0x7FF5
    left = unwritten(output, 0x7FF5)
    assert left.nonzero().tolist() == [[2, 0]]
    output.view(torch.int16).view(4, -1)[2, 0] = 0
    assert unwritten(output, 0x7FF5) is None
