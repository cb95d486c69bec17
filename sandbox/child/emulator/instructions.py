"""What single instructions of PTX do to registers of 32 bits (PTX ISA). Any other is not interpreted."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Act = Callable[..., Array]
_WIDTH = 32
_SAME = ("rn", "ftz")
"""Parts of a name that change nothing here: numpy rounds to nearest, and what is flushed is below any tolerance."""


def _to_tf32(bits: Array) -> Array:
    """Round the bits of float32 values to a 10-bit mantissa: to nearest, ties away from zero (cvt.rna)."""
    finite = (bits & np.uint32(0x7F800000)) != np.uint32(0x7F800000)
    return np.where(finite, bits + np.uint32(0x1000), bits) & np.uint32(0xFFFFE000)


def _as(kind: Any, act: Act) -> Act:
    """Let an act see its registers as ``kind``, and give the bits of what it makes."""

    def on_bits(*bits: Array) -> Array:
        if any(each.dtype == np.bool_ for each in bits):
            raise TypeError("a predicate is no number")
        with np.errstate(all="ignore"):
            made = act(*(each.view(kind) for each in bits))
        return made if made.dtype == np.bool_ else np.asarray(made).astype(kind).view(np.uint32)

    return on_bits


def _fma(a: Array, b: Array, c: Array) -> Array:
    return a.astype(np.float64) * b + c  # a product of two is exact in float64


def _multiplied_and_added(a: Array, b: Array, c: Array) -> Array:
    return a * b + c


def _reciprocal_root(values: Array) -> Array:
    return 1 / np.sqrt(values)


def _selected(one: Array, other: Array, holds: Array) -> Array:
    return np.where(holds, one, other)


def _left(bits: Array, by: Array) -> Array:
    return np.where(by < _WIDTH, bits << np.minimum(by, _WIDTH - 1), 0)


def _right(bits: Array, by: Array) -> Array:
    return np.where(by < _WIDTH, bits >> np.minimum(by, _WIDTH - 1), 0)


def _right_with_sign(bits: Array, by: Array) -> Array:
    return bits >> np.minimum(by.view(np.uint32), _WIDTH - 1).astype(np.int32)


def _same(bits: Array) -> Array:
    return bits


def _of_whole(bits: Array) -> Array:
    return bits.view(np.int32).astype(np.float32).view(np.uint32)


_COMPARED: Mapping[str, Act] = {
    "eq": np.equal, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
}  # fmt: skip
# tanh, sin and cos are left out: their approximations are too coarse for an exact value to stand for them. The others'
# are within two units in the last place.
_FLOAT: Mapping[str, Act] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "fma": _fma, "neg": np.negative, "abs": np.abs,
    "div": np.divide, "div.approx": np.divide, "div.full": np.divide,
    "rcp": np.reciprocal, "rcp.approx": np.reciprocal, "sqrt": np.sqrt, "sqrt.approx": np.sqrt,
    "rsqrt.approx": _reciprocal_root, "ex2.approx": np.exp2, "lg2.approx": np.log2,
    "min": np.fmin, "max": np.fmax, "min.NaN": np.minimum, "max.NaN": np.maximum,
    **{f"setp.{name}": act for name, act in _COMPARED.items()},
}  # fmt: skip
_WHOLE: Mapping[str, Act] = {
    "add": np.add, "sub": np.subtract, "mul.lo": np.multiply, "mad.lo": _multiplied_and_added,
    "min": np.minimum, "max": np.maximum,
    **{f"setp.{name}": act for name, act in {**_COMPARED, "ne": np.not_equal}.items()},
}  # fmt: skip
_BITS: Mapping[str, Act] = {
    "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor, "not": np.bitwise_not,
    "shl": _left, "shr": _right,
}  # fmt: skip
_SIGNED: Mapping[str, Act] = {**_WHOLE, "neg": np.negative, "abs": np.abs, "shr": _right_with_sign}
_KNOWN: Mapping[str, Act] = {
    "cvt.rna.tf32.f32": _to_tf32,
    "cvt.f32.s32": _of_whole,
    **{f"{name}.f32": _as(np.float32, act) for name, act in _FLOAT.items()},
    **{f"{name}.s32": _as(np.int32, act) for name, act in _SIGNED.items()},
    **{f"{name}.u32": _as(np.uint32, act) for name, act in {**_WHOLE, "shr": _right}.items()},
    **{f"{name}.b32": _as(np.uint32, act) for name, act in _BITS.items()},
    **{f"mov.{kind}": _same for kind in ("b32", "f32", "s32", "u32")},
    **{f"selp.{kind}": _selected for kind in ("b32", "f32", "s32", "u32")},
}


def known(name: str) -> Act | None:
    """Give what an instruction does, by its full name; None for one that is not interpreted."""
    return _KNOWN.get(".".join(part for part in name.split(".") if part not in _SAME))
