"""The inline assembly that kernels really use: single instructions, by their text. Any other is not interpreted."""

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


def _approximate(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """A function whose approximation on the card is within two units in the last place (PTX ISA, *.approx.f32)."""

    def computed(values: Array) -> Array:
        with np.errstate(all="ignore"):
            return function(np.ascontiguousarray(values).view(np.float32)).astype(np.float32)

    return computed


# tanh, sin and cos are left out: their approximations are too coarse for an exact value to stand for them.
_APPROXIMATE: Mapping[str, Callable[[Array], Array]] = {
    "ex2": np.exp2,
    "lg2": np.log2,
    "rcp": np.reciprocal,
    "rsqrt": lambda values: 1 / np.sqrt(values),
    "sqrt": np.sqrt,
}
_INSTRUCTIONS: Mapping[str, Callable[[Array], Array]] = {
    "cvt.rna.tf32.f32 $0, $1": _to_tf32,
    **{
        f"{name}.approx{flush}.f32 $0, $1": _approximate(function)
        for name, function in _APPROXIMATE.items()
        for flush in ("", ".ftz")
    },
}


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
