"""Inline assembly: the one instruction that kernels use to round for the tensor cores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.child.emulator import Unsupported, assembly


@given(st.floats(-(2.0**100), 2.0**100, width=32))
def test_rounding_to_tf32_keeps_ten_bits_and_goes_to_the_nearest(value):
    given = np.array([value], np.float32)
    (rounded,) = assembly.run("cvt.rna.tf32.f32 $0, $1;", [given], np.float32)
    assert rounded.view(np.uint32) & 0x1FFF == 0
    assert abs(float(rounded) - float(given[0])) <= abs(float(given[0])) * 2.0**-11 + 1e-38


def test_a_tie_goes_away_from_zero_and_infinity_stays():
    tie = np.array([0x3F801000, 0xBF801000, 0x7F800000], np.uint32)
    bits = assembly.run(" cvt.rna.tf32.f32  $0, $1 ; ", [tie], np.uint32)
    assert [hex(each) for each in bits] == ["0x3f802000", "0xbf802000", "0x7f800000"]


@pytest.mark.parametrize("text", ["mov.b32 $0, $1;", "cvt.rna.tf32.f32 $0, $2;", "trap;"])
def test_other_instructions_are_unsupported_by_name(text):
    with pytest.raises(Unsupported, match="inline assembly"):
        assembly.run(text, [np.zeros(4, np.float32)], np.float32)


def test_approximations_are_computed_on_the_bits_of_floats():
    bits = np.array([3.0, 0.25], np.float32).view(np.int32)
    assert list(assembly.run("ex2.approx.ftz.f32 $0, $1;", [bits], np.float32)) == [8.0, np.float32(2**0.25)]
    assert list(assembly.run("rsqrt.approx.f32 $0, $1;", [bits], np.float32))[1] == 2.0
