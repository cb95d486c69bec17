"""Inline assembly: instructions in a straight line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.child.emulator import Unsupported, assembly


@given(st.floats(-(2.0**100), 2.0**100, width=32))
def test_rounding_to_tf32_keeps_ten_bits_and_goes_to_the_nearest(value):
    given = np.array([value], np.float32)
    ((rounded,),) = assembly.run("cvt.rna.tf32.f32 $0, $1;", [given], [np.float32])
    assert rounded.view(np.uint32) & 0x1FFF == 0
    assert abs(float(rounded) - float(given[0])) <= abs(float(given[0])) * 2.0**-11 + 1e-38


def test_a_tie_goes_away_from_zero_and_infinity_stays():
    tie = np.array([0x3F801000, 0xBF801000, 0x7F800000], np.uint32)
    (bits,) = assembly.run(" cvt.rna.tf32.f32  $0, $1 ; ", [tie], [np.uint32])
    assert [hex(each) for each in bits] == ["0x3f802000", "0xbf802000", "0x7f800000"]


@pytest.mark.parametrize("text", ["tanh.approx.f32 $0, $1;", "cvt.rna.tf32.f32 $0, $2;", "trap;"])
def test_other_instructions_are_unsupported_by_name(text):
    with pytest.raises(Unsupported, match="inline assembly"):
        assembly.run(text, [np.zeros(4, np.float32)], [np.float32])


def run(text, *operands, kind=np.float32, pack=1):
    (made,) = assembly.run(text, [np.asarray(each) for each in operands], [kind], pack)
    return made.tolist()


def test_approximations_are_computed_on_the_bits_of_floats():
    bits = np.array([3.0, 0.25], np.float32).view(np.int32)
    assert run("ex2.approx.ftz.f32 $0, $1;", bits) == [8.0, np.float32(2**0.25)]
    assert run("rsqrt.approx.f32 $0, $1;", bits)[1] == 2.0


SIGMOID = """
{
    .reg .f32 e; // of one element
    ex2.approx.ftz.f32 e, $1;
    add.f32 e, e, 0f3F800000; /* 1.0 */
    rcp.approx.ftz.f32 $0, e;
}
"""
PAIRS = """
    .reg .f32 a, b, both;
    min.NaN.f32 a, $2, 62.0;
    min.NaN.f32 b, $3, 0f42780000;
    ex2.approx.f32 a, a; ex2.approx.f32 b, b;
    add.f32 a, a, 1.0; add.f32 b, b, 1.0;
    mul.f32 both, a, b;
    rcp.approx.f32 both, both;
    mul.f32 $0, both, b;
    mul.f32 $1, both, a;
"""


@pytest.mark.parametrize("shape", [(), (1,), (7,), (4, 6)])
@pytest.mark.parametrize(("text", "pack"), [(SIGMOID, 1), (PAIRS, 2)])
def test_instructions_in_a_line_work_on_all_elements(text, pack, shape):
    values = np.random.default_rng(0).uniform(-20, 20, shape).astype(np.float32)
    (made,) = assembly.run(text, [values], [np.float32], pack)
    assert (made.shape, made.dtype) == (shape, np.float32)
    np.testing.assert_allclose(made, 1 / (1 + np.exp2(values.astype(np.float64))), rtol=1e-6)


def test_a_power_of_two_is_built_from_bits():
    text = """
        .reg .f32 t, n, f; .reg .b32 ti;
        add.rn.f32 t, $1, 0f4B400000; sub.rn.f32 n, t, 0f4B400000; sub.rn.f32 f, $1, n;
        mov.b32 ti, t; shl.b32 ti, ti, 23; add.s32 ti, ti, 0x3F800000; mov.b32 t, ti;
        fma.rn.f32 $0, t, f, t;
    """
    assert run(text, np.array([3.0, -2.0, 5.25], np.float32)) == [8.0, 0.25, 40.0]


@given(st.integers(-(2**31), 2**31 - 1), st.integers(0, 40))
def test_whole_numbers_wrap_and_shift_as_on_the_card(value, by):
    one, two = np.array([value], np.int32), np.array([by], np.int32)
    assert run("add.s32 $0, $1, $1;", one, kind=np.int32) == [(2 * value + 2**31) % 2**32 - 2**31]
    assert run("shr.s32 $0, $1, $2;", one, two, kind=np.int32) == [value >> min(by, 31)]
    assert run("shr.u32 $0, $1, $2;", one, two, kind=np.uint32) == [value % 2**32 >> by]
    assert run("shl.b32 $0, $1, $2;", one, two, kind=np.uint32) == [value % 2**32 << by & 0xFFFFFFFF]
    assert run("mad.lo.u32 $0, $1, 3, -1;", one, kind=np.uint32) == [(value * 3 - 1) % 2**32]


def test_a_predicate_selects():
    text = ".reg .pred p; setp.lt.f32 p, $1, 0.5; selp.f32 $0, $1, -1.0, p;"
    assert run(text, np.array([0.25, 2.0, np.nan], np.float32)) == [0.25, -1.0, -1.0]


def test_a_constant_too_large_for_a_float_is_infinite():
    with np.errstate(over="ignore"):
        assert run("mov.f32 $0, 1.0e200;", np.zeros(1, np.float32)) == [np.inf]


def test_several_results_come_in_their_own_types():
    whole, real = assembly.run(
        "mov.b32 $0, $2; cvt.rn.f32.s32 $1, $2;", [np.array([3, -4], np.int32)], [np.int32, np.float32]
    )
    assert (whole.tolist(), real.tolist()) == ([3, -4], [3.0, -4.0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("add.f32 $0, x, $1;", "reads 'x', which nothing set"),
        ("add.f32 $0, $1;", "inline assembly"),
        ("setp.lt.f32 p, $1, 0.5; add.f32 $0, p, $1;", "a predicate is no number"),
        ("@p mov.f32 $0, $1;", "inline assembly"),
        ("mov.b32 {a, b}, $1;", "inline assembly"),
        ("mov.f32 $0, 0f3F8000001;", "reads '0f3F8000001'"),
        ("mov.f32 x, $1;", "reads '\\$0'"),
    ],
)
def test_what_makes_no_sense_here_is_said(text, said):
    with pytest.raises(Unsupported, match=said):
        run(text, np.zeros(4, np.float32))


def test_other_widths_are_unsupported():
    with pytest.raises(Unsupported, match="other than 32 bits"):
        run("mov.b32 $0, $1;", np.zeros(4, np.float16), pack=2)
