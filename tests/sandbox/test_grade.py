import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sandbox.grade import Grade, Range, coarsest, grade, ranged
from sandbox.rounding import to_tf32, truncated


def split(x):
    high = to_tf32(x)
    return high.double(), to_tf32(x - high).double()


def three_products(a, b):
    (a_high, a_low), (b_high, b_low) = split(a), split(b)
    return a_high @ b_high + a_low @ b_high + a_high @ b_low


PRODUCTS = {
    Grade.FP32: lambda a, b: a @ b,
    Grade.TF32: lambda a, b: truncated(a).double() @ truncated(b).double(),
    Grade.FP16: lambda a, b: a.half().double() @ b.half().double(),
    Grade.BF16: lambda a, b: a.bfloat16().double() @ b.bfloat16().double(),
}


@pytest.mark.parametrize("inner", [16, 512, 4096])
@pytest.mark.parametrize("way", PRODUCTS)
def test_a_product_shows_its_precision(way, inner):
    torch.manual_seed(inner)
    a, b = torch.randn(64, inner), torch.randn(inner, 64)
    truth = a.double() @ b.double()
    errors = [((each.double() - truth).norm() / truth.norm()).item() for each in (PRODUCTS[way](a, b), a @ b)]
    # Half-precision operands have TF32's mantissa; range alone tells them apart.
    assert grade(*errors, inner, "float32") is (Grade.TF32 if way is Grade.FP16 else way)


def test_split_operands_lie_between():
    assert grade(2e-6, 6e-8, 4, "float32") is Grade.TF32X3
    torch.manual_seed(0)
    a, b = torch.randn(64, 64), torch.randn(64, 64)
    truth = a.double() @ b.double()
    error = ((three_products(a, b) - truth).norm() / truth.norm()).item()
    assert grade(error, 1e-7, 64, "float32") is Grade.FP32


def test_the_outputs_own_type_is_the_finest_that_counts():
    assert grade(1e-3, 1e-3, 1, "float16") is Grade.FP16
    assert grade(1e-2, 1e-2, 1, "bfloat16") is Grade.BF16
    assert grade(1e-16, 1e-16, 1, "float64") is Grade.FP64
    assert grade(0.0, 0.0, 1, "int64") is Grade.EXACT


def test_an_error_that_the_task_amplifies_counts_for_less():
    assert grade(1e-2, 1e-4, 1, "float32") is Grade.TF32X3
    assert grade(1e-2, 1e-7, 1, "float32") is Grade.BF16


@given(st.floats(1e-9, 1), st.floats(1e-9, 1), st.integers(1, 1 << 20))
def test_a_larger_error_is_never_a_finer_grade(one, other, reduction):
    order = list(Grade)
    low, high = (order.index(grade(each, 1e-7, reduction, "float32")) for each in sorted((one, other)))
    assert low <= high


def test_grades_and_ranges_join():
    assert coarsest([Grade.FP32, Grade.EXACT, Grade.TF32]) is Grade.TF32
    assert (ranged(Grade.TF32), ranged(Grade.BF16)) == (Grade.FP16, Grade.BF16)
    assert str(Range().with_scale(1e6).with_scale(0.01)) == "0.01 to 1e+06"
