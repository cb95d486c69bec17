import torch
from hypothesis import given
from hypothesis import strategies as st

from sandbox.rounding import ByLogSumExp, Tf32Operands, to_tf32


@given(st.floats(width=32, allow_subnormal=False))
def test_rounding_keeps_ten_bits_and_is_nearest(number):
    tensor = torch.tensor([number])
    rounded = to_tf32(tensor)
    if torch.isnan(tensor):
        assert torch.isnan(rounded)
    elif torch.isinf(tensor):
        assert rounded == tensor
    elif abs(number) < 3e38:
        assert int(rounded.view(torch.int32)) & 0x1FFF == 0
        assert abs(float(rounded) - number) <= abs(number) * 2**-11


def test_ties_go_to_even():
    one = 1.0
    assert float(to_tf32(torch.tensor([one + 2**-11]))) == one
    assert float(to_tf32(torch.tensor([one + 3 * 2**-11]))) == one + 2**-9


def test_products_lose_precision_and_sums_do_not():
    torch.manual_seed(0)
    a, b = torch.randn(64, 64), torch.randn(64, 64)
    with Tf32Operands():
        product, total = a @ b, a + b
        linear = torch.nn.functional.linear(a, b, a[0])
        convolution = torch.nn.functional.conv2d(a.view(1, 1, 64, 64), b[:3, :3].reshape(1, 1, 3, 3))
    assert torch.equal(total, a + b)
    expected = to_tf32(a).double() @ to_tf32(b).double()
    assert torch.allclose(product.double(), expected, rtol=1e-5, atol=1e-5)
    assert not torch.allclose(product, a @ b, rtol=1e-5, atol=1e-5)
    assert not torch.allclose(linear, torch.nn.functional.linear(a, b, a[0]), rtol=1e-5, atol=1e-5)
    plain = torch.nn.functional.conv2d(a.view(1, 1, 64, 64), b[:3, :3].reshape(1, 1, 3, 3))
    assert not torch.allclose(convolution, plain, rtol=1e-5, atol=1e-5)


def test_half_precision_is_left_alone():
    a = torch.randn(16, 16).bfloat16()
    with Tf32Operands():
        product = a @ a
    assert torch.equal(product, a @ a)


def test_softmax_by_logarithms_is_as_exact_as_the_size_of_its_operand_allows():
    torch.manual_seed(0)
    x = 1e3 * torch.randn(64, 200)
    truth = x.double().softmax(-1)
    with ByLogSumExp():
        answer = x.softmax(-1)
        half = x.half().softmax(-1, dtype=torch.float32)
    error = (answer - truth).abs().max().item()
    assert 1e-6 < error < 4 * 2**-24 * 5e3
    assert (x.softmax(-1) - truth).abs().max().item() < error
    assert half.dtype is torch.float32


def test_softmax_by_logarithms_shows_its_error_in_every_row_that_one_element_rules():
    x = torch.zeros(64, 200)
    x[:, 7] = 5000.3
    with ByLogSumExp():
        ruling = x.softmax(-1)[:, 7]
    off = (ruling - 1).abs() / (5000.3 * 2**-24)
    assert off.min().item() > 0.9
    assert off.max().item() < 1.1
