"""The inline assembly that kernels really use: single instructions, by their text; any other is not interpreted."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandbox.child.emulator import Unsupported

Array = NDArray[Any]


def _to_tf32(values: Array) -> Array:
    """Round float32 values or their bits to a 10-bit mantissa: to nearest, ties away from zero (PTX ISA, cvt)."""
    bits = np.ascontiguousarray(values).view(np.uint32)
    finite = (bits & np.uint32(0x7F800000)) != np.uint32(0x7F800000)
    return np.where(finite, bits + np.uint32(0x1000), bits) & np.uint32(0xFFFFE000)


_INSTRUCTIONS: Mapping[str, Callable[[Array], Array]] = {"cvt.rna.tf32.f32 $0, $1": _to_tf32}


@dataclass(frozen=True, slots=True)
class Results:
    """What an instruction gives, as Triton asks for it."""

    handles: Sequence[Any]

    def get_result(self, index: int) -> Any:
        """Give one of them."""
        return self.handles[index]


def run(text: str, operands: Sequence[Array], dtype: Any) -> Array:
    """Give the bits of the one result as ``dtype``; raises Unsupported for any other text."""
    instruction = re.sub(r"\s+", " ", text).strip(" ;{}")
    known = _INSTRUCTIONS.get(instruction)
    if known is None or len(operands) != 1 or operands[0].itemsize != 4:
        raise Unsupported(f"inline assembly ({instruction[:60]!r})")
    return known(operands[0]).view(dtype)
