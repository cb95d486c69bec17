"""Where tensors lie in shared memory, and how nested values are taken apart into tensors and put together again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import torch

ALIGNMENT = 256
"""Bytes; what CUDA's own allocator aligns to."""
TYPES = tuple(
    getattr(torch, name)
    for name in (
        *("float32", "float64", "float16", "bfloat16", "bool", "uint8", "int8", "int16", "int32", "int64"),
        *("complex64", "complex128", "float8_e4m3fn", "float8_e5m2", "uint16", "uint32", "uint64", "complex32"),
    )
)
"""A type's place here is its code in a word."""


def type_name(dtype: torch.dtype) -> str:
    """``float32`` for ``torch.float32``."""
    return str(dtype).removeprefix("torch.")


@dataclass(frozen=True, slots=True)
class Slot:
    """One tensor's place."""

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    """In elements."""
    dtype: str
    offset: int
    """In bytes from the start of the tensors' area."""

    @property
    def kind(self) -> torch.dtype:
        """The type as torch has it."""
        return getattr(torch, self.dtype)

    @property
    def bytes(self) -> int:
        """Size in bytes, without padding."""
        return prod(self.shape) * self.kind.itemsize

    def moved(self, by: int) -> "Slot":
        """Give the same tensor's place ``by`` bytes further on."""
        return replace(self, offset=self.offset + by)


def placed(tensors: Iterable[torch.Tensor], start: int) -> tuple[tuple[Slot, ...], int]:
    """Lay tensors out one after the other from byte ``start``; gives the slots and the first byte after them.

    A dense tensor keeps its strides (channels last, transposed); any other becomes contiguous. Raises TypeError for a
    sparse or quantized one, whose elements do not lie in memory as they are.
    """
    slots: list[Slot] = []
    for each in tensors:
        if each.layout is not torch.strided or each.dtype not in TYPES:
            raise TypeError(f"a tensor of {each.layout} and {each.dtype}, where only plain numbers can be laid out")
        stride = torch.empty_like(each, device="meta").stride()
        slots.append(Slot(tuple(each.shape), tuple(stride), type_name(each.dtype), start))
        start += -(-slots[-1].bytes // ALIGNMENT) * ALIGNMENT
    return tuple(slots), start


def take_apart(value: Any) -> tuple[Any, list[torch.Tensor]]:
    """Split nested lists, tuples and dicts into a structure that JSON can hold, and the tensors in it, in order.

    Numbers, strings, booleans and None stay in the structure. Raises TypeError for anything else.
    """
    tensors: list[torch.Tensor] = []
    return _structure(value, tensors), tensors


def _structure(item: Any, tensors: list[torch.Tensor]) -> Any:
    # No function of its own inside take_apart: one that calls itself is a cycle, and would keep every tensor that it
    # saw on the card until the garbage collector comes by.
    if isinstance(item, torch.Tensor):
        tensors.append(item)
        return ["tensor", len(tensors) - 1]
    if item is None or isinstance(item, (bool, int, float, str)):
        return ["value", item]
    if isinstance(item, (list, tuple)):
        kind = type(item).__name__ if type(item) in (list, tuple) else "tuple"
        return [kind, [_structure(each, tensors) for each in item]]
    if isinstance(item, dict):
        return ["dict", [[_structure(key, tensors), _structure(each, tensors)] for key, each in item.items()]]
    raise TypeError(f"neither tensor, number, text, None nor a list, tuple or dict of these: {type(item).__name__}")


def put_together(structure: Any, tensors: Sequence[torch.Tensor]) -> Any:
    """Undo ``take_apart``, with these tensors."""
    kind, content = structure
    if kind == "tensor":
        return tensors[content]
    if kind == "value":
        return content
    if kind == "dict":
        return {put_together(key, tensors): put_together(each, tensors) for key, each in content}
    items = [put_together(each, tensors) for each in content]
    return tuple(items) if kind == "tuple" else items


def outputs_of(value: Any, device: str | None = None) -> list[torch.Tensor]:
    """Give the tensors of what a model returned; numbers become tensors of one element on ``device``. Raises TypeError.

    A dict's come in the order of its keys' texts: two that say the same may have been filled in different orders.
    """
    structure, tensors = take_apart(value)
    return _leaves(structure, tensors, device)


def _leaves(structure: Any, tensors: list[torch.Tensor], device: str | None) -> list[torch.Tensor]:
    kind, content = structure
    if kind == "tensor":
        return [tensors[content]]
    if kind == "value":
        return [torch.tensor(content, device=device)] if isinstance(content, (bool, int, float)) else []
    parts = [each for _, each in sorted(content, key=_key_text)] if kind == "dict" else content
    return [leaf for each in parts for leaf in _leaves(each, tensors, device)]


def _key_text(item: Any) -> str:
    return repr(item[0])
