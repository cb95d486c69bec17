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
    """While active, operands of float32 products are rounded to TF32's ten bits."""

    def __torch_dispatch__(  # noqa: D105  torch's own protocol
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        operands = _OPERANDS.get(func.overloadpacket.__name__, ())
        rounded = [_rounded(each) if index in operands else each for index, each in enumerate(args)]
        return func(*rounded, **(kwargs or {}))


def _rounded(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_rounded(each) for each in value]
    return to_tf32(value) if isinstance(value, torch.Tensor) and value.dtype is torch.float32 else value


def to_tf32(tensor: torch.Tensor) -> torch.Tensor:
    """Round float32 to the nearest TF32, ties to even; infinities and NaN stay."""
    bits = tensor.contiguous().view(torch.int32)
    half = (1 << (_DROPPED - 1)) - 1
    nearest = (bits + half + ((bits >> _DROPPED) & 1)) & -(1 << _DROPPED)
    return torch.where(torch.isfinite(tensor), nearest.view(torch.float32), tensor)
