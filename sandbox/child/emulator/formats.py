"""Converts between float32 and the formats that numpy lacks (bfloat16, fp8), rounding as the card does."""

from typing import Any

import numpy as np
import torch
import triton.language as tl
from numpy.typing import NDArray

Array = NDArray[Any]
_FP8: dict[Any, tuple[torch.dtype, float]] = {
    tl.float8e4nv: (torch.float8_e4m3fn, 448.0),
    tl.float8e5: (torch.float8_e5m2, 57344.0),
}


def is_narrow(dtype: Any) -> bool:
    """Whether values of this Triton type lie in numpy arrays as bare bits."""
    return dtype == tl.bfloat16 or dtype in _FP8


def widened(bits: Array, dtype: Any) -> Array:
    """Give the float32 values of bits of a narrow type; values of other types come back as they are."""
    if dtype == tl.bfloat16:
        return (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)
    if dtype in _FP8:
        return torch.from_numpy(np.ascontiguousarray(bits)).view(_FP8[dtype][0]).float().numpy()
    return bits


def narrowed(values: Array, dtype: Any, toward_zero: bool = False) -> Array:
    """Give the bits of a narrow type; to nearest even, and fp8 keeps finite what overflows, as ``cvt.satfinite`` does.

    ``toward_zero`` cuts off instead, which is known here for bfloat16 only; raises NotImplementedError for the others.
    """
    wide = np.ascontiguousarray(values, dtype=np.float32)
    if dtype == tl.bfloat16:
        return _bfloat16(wide, toward_zero)
    if toward_zero:
        raise NotImplementedError(f"rounding toward zero to {dtype}")
    kind, largest = _FP8[dtype]
    return torch.from_numpy(np.clip(wide, -largest, largest)).to(kind).view(torch.uint8).numpy()


def _bfloat16(wide: Array, toward_zero: bool) -> Array:
    bits = wide.view(np.uint32)
    if not toward_zero:
        nan = np.isnan(wide)
        bits = bits + (((bits >> np.uint32(16)) & np.uint32(1)) + np.uint32(0x7FFF))
        bits = np.where(nan, np.uint32(0x7FC00000), bits)
    return (bits >> np.uint32(16)).astype(np.uint16)


def cut_to_tf32(values: Array) -> Array:
    """Drop the 13 low bits of float32 values, as tensor cores do that are handed float32 for TF32."""
    return (np.ascontiguousarray(values, dtype=np.float32).view(np.uint32) & np.uint32(0xFFFFE000)).view(np.float32)


def half_toward_zero(values: Array) -> Array:
    """Convert float32 to float16, cutting off."""
    with np.errstate(over="ignore"):
        near = values.astype(np.float16)
    too_far = np.abs(near.astype(np.float32)) > np.abs(values)
    return np.where(too_far, np.nextafter(near, np.float16(0)), near)
