"""A second legal way to compute a reference whose products may take TF32 operands, on machines that have no TF32."""

from collections.abc import Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

_OPERANDS: dict[str, Sequence[int]] = {
    "mm": (0, 1),
    "bmm": (0, 1),
    "mv": (0, 1),
    "dot": (0, 1),
    "linear": (0, 1),
    "addmm": (1, 2),
    "addmv": (1, 2),
    "baddbmm": (1, 2),
    "convolution": (0, 1),
    "mkldnn_rnn_layer": (0, 1, 2, 5),
    "_cudnn_rnn": (0, 1, 3),
    "_scaled_dot_product_flash_attention_for_cpu": (0, 1, 2),
    "_scaled_dot_product_efficient_attention": (0, 1, 2),
}
"""Arguments of a product that a tensor core would take, by operator."""
_DROPPED = 13
"""Bits of a float32's 23-bit mantissa that TF32 does not have."""


class Tf32Operands(TorchDispatchMode):
    """While active, operands of float32 products are cut to TF32's ten bits.

    A tensor core ignores the others: this is what a kernel gets that rounds nothing itself. Operands of one sign make
    the difference: cut, their products all become smaller, and the error is many times that of rounded ones.
    """

    def __torch_dispatch__(  # noqa: D105  torch's own protocol
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        operands = _OPERANDS.get(func.overloadpacket.__name__, ())
        cut = [_cut(each) if index in operands else each for index, each in enumerate(args)]
        return func(*cut, **(kwargs or {}))


def _cut(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_cut(each) for each in value]
    return to_tf32(value) if isinstance(value, torch.Tensor) and value.dtype is torch.float32 else value


def to_tf32(tensor: torch.Tensor) -> torch.Tensor:
    """Round float32 toward zero to TF32; infinities and NaN stay."""
    nearer_zero = (tensor.contiguous().view(torch.int32) & -(1 << _DROPPED)).view(torch.float32)
    return torch.where(torch.isfinite(tensor), nearer_zero, tensor)
