"""Reduces and scans blocks with whole-array steps, where the interpreter would go element by element in Python."""

from collections.abc import Callable
from typing import Any

import numpy as np
import triton.language as tl
from numpy.typing import NDArray
from triton.runtime.interpreter import ReduceOps, ScanOps, TensorHandle

_Blocks = list[Any]
_Combine = Callable[[_Blocks, _Blocks], _Blocks]


def block(data: NDArray[Any], dtype: Any) -> Any:
    """Wrap an array as the tensor that a kernel sees; no dimensions make a scalar."""
    if np.ndim(data) == 0:  # asked first: a contiguous copy has a dimension at least
        return tl.tensor(TensorHandle(np.reshape(data, 1), dtype), dtype)
    data = np.ascontiguousarray(data)
    return tl.tensor(TensorHandle(data, dtype), tl.block_type(dtype, list(data.shape)))


def _combining(function: Any, dtypes: list[Any]) -> _Combine:
    def combine(left: _Blocks, right: _Blocks) -> _Blocks:
        pairs = [block(each, dtype) for side in (left, right) for each, dtype in zip(side, dtypes, strict=True)]
        result = function.fn(*pairs)
        results = list(result) if isinstance(result, (tuple, tl.tuple)) else [result]
        return [each.handle.data.reshape(left[0].shape) for each in results]

    return combine


def _reduced(arrays: _Blocks, axis: int, combine: _Combine) -> _Blocks:
    """Halve along ``axis`` until one is left; neighbours first, so that ties go as on a sequential walk."""
    arrays = [np.moveaxis(each, axis, -1) for each in arrays]
    while arrays[0].shape[-1] > 1:
        arrays = combine([each[..., 0::2] for each in arrays], [each[..., 1::2] for each in arrays])
    return [each[..., 0] for each in arrays]


def _scanned(arrays: _Blocks, axis: int, combine: _Combine) -> _Blocks:
    """Inclusive scan in log2(n) steps, each combining with what lies ``step`` before; shapes stay powers of two."""
    arrays = [np.moveaxis(each, axis, -1) for each in arrays]
    place = np.arange(arrays[0].shape[-1])
    step = 1
    while step < place.size:
        joined = combine([np.roll(each, step, -1) for each in arrays], arrays)
        arrays = [np.where(place >= step, new, each) for new, each in zip(joined, arrays, strict=True)]
        step *= 2
    return [np.moveaxis(each, -1, axis) for each in arrays]


class Reduction(ReduceOps):
    """``tl.reduce``."""

    def generic_reduce(self, input: tuple[Any, ...]) -> list[Any]:  # noqa: A002  # Triton's name
        """Reduce a tuple of blocks with the kernel's own function."""
        arrays, dtypes = [each.handle.data for each in input], [each.dtype for each in input]
        rank, axis = arrays[0].ndim, self.axis
        if axis is None:
            arrays = [each.reshape(-1) for each in arrays]
        results = _reduced(arrays, axis or 0, _combining(self.combine_fn, dtypes))
        if self.keep_dims:
            results = [np.expand_dims(each, tuple(range(rank)) if axis is None else axis) for each in results]
        return [block(each, dtype) for each, dtype in zip(results, dtypes, strict=True)]

    def min_max(self, input: Any, val_reduce_op: Any, idx_reduce_op: Any = None) -> Any:  # noqa: A002  # Triton's name
        """Find the extreme without NaN, and its first index; a block of NaN alone gives NaN and 0."""
        values = input[0] if isinstance(input, tuple) else input
        data, keep = values.handle.data, {"axis": self.axis, "keepdims": self.keep_dims}
        largest = val_reduce_op in (np.max, np.nanmax)  # which of them depends on the version
        best = (np.fmax if largest else np.fmin).reduce(data, **keep)
        extreme = self.to_tensor(best, values.dtype)
        if idx_reduce_op is None:
            return extreme
        worst = -np.inf if largest else np.inf
        known = np.where(np.isnan(data), worst, data) if data.dtype.kind == "f" else data
        index = (np.argmax if largest else np.argmin)(known, **keep)
        return extreme, self.to_tensor(index, tl.int32)


class Scan(ScanOps):
    """``tl.associative_scan``."""

    def generic_scan(self, input: Any) -> list[Any]:  # noqa: A002  # Triton's name
        """Scan a tuple of blocks with the kernel's own function."""
        arrays, dtypes = [each.handle.data for each in input], [each.dtype for each in input]
        axis = self.axis if self.axis >= 0 else self.axis + arrays[0].ndim
        results = _scanned(arrays, axis, _combining(self.combine_fn, dtypes))
        return [block(each, dtype) for each, dtype in zip(results, dtypes, strict=True)]
