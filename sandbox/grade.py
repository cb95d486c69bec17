"""In which precision a candidate computes, as its error on N(0, 1) shows: a label, by which it is ranked."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

UNIT = 2.0**-24
"""Unit round-off of float32."""


class Grade(StrEnum):
    """From the finest to the coarsest."""

    EXACT = "exact"
    """Whole numbers only."""
    FP64 = "fp64"
    FP32 = "fp32"
    TF32X3 = "tf32x3"
    """Finer than TF32 and coarser than float32: products of operands that are split in two, say."""
    TF32 = "tf32"
    FP16 = "fp16"
    """As fine as TF32, but with a shorter range; or the task's own type."""
    BF16 = "bf16"

    @property
    def below_fp32(self) -> bool:
        """Whether range is a part of the grade."""
        return self in (Grade.TF32X3, Grade.TF32, Grade.FP16, Grade.BF16)


_X3, _TF32 = 2.0**-15, 2.0**-9.5
"""Largest unit round-off that still counts as each: half way, in powers, from one's error to the next one's. Operands
cut to TF32 (11 bits) leave a relative error of 2⁻¹⁰·⁵ in a product, those rounded to bfloat16 (8 bits) 2⁻⁸·⁸, operands
of three TF32 products 2⁻²⁰ or less."""
_CONTRACTS = {"float16": Grade.FP16, "bfloat16": Grade.BF16, "float64": Grade.FP64, "complex128": Grade.FP64}
"""Grades that the output's type decides alone."""


def grade(error: float, plain: float, reduction: int, kind: str) -> Grade:
    """Give the grade from a candidate's error and float32 eager's own, both in the Frobenius norm, on N(0, 1).

    ``reduction`` is the reference's longest, in elements; ``kind`` the output's type as torch names it. Where eager's
    own error is more than the √K·2⁻²⁴ that rounding explains, the task amplifies errors, and the candidate's
    count for so much less.
    """
    if kind in _CONTRACTS:
        return _CONTRACTS[kind]
    if "float" not in kind and "complex" not in kind:
        return Grade.EXACT
    by_rounding = UNIT * sqrt(max(1, reduction))
    if error <= max(2 * plain, 8 * by_rounding):
        return Grade.FP32
    unit = error / max(1.0, plain / by_rounding)
    if unit <= _X3:
        return Grade.TF32X3
    return Grade.TF32 if unit <= _TF32 else Grade.BF16


def coarsest(grades: list[Grade]) -> Grade:
    """Join the grades of several outputs."""
    order = list(Grade)
    return max(grades, key=order.index)


def ranged(known: Grade) -> Grade:
    """Give the grade of what is as fine as ``known`` and fails at an end of the range."""
    return Grade.FP16 if known is Grade.TF32 else known


@dataclass(frozen=True, slots=True)
class Range:
    """Scales of N(0, 1) at which a candidate was right; a scale at which the reference says nothing counts for none."""

    low: float = 1.0
    high: float = 1.0

    def with_scale(self, scale: float) -> "Range":
        """Take in one more."""
        return Range(min(self.low, scale), max(self.high, scale))

    def __str__(self) -> str:  # noqa: D105  in words
        return f"{self.low:g} to {self.high:g}"
