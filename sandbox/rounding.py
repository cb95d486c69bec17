"""Other legal ways to compute a reference: softmax by logarithms, products of TF32 operands where there is no TF32."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from sandbox.child.dispatch import Mode

Rounding = Callable[[torch.Tensor], torch.Tensor]
"""Takes a float32 tensor to fewer bits, in the same type."""

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


class Tf32Operands(Mode):
    """While active, operands of float32 products are rounded to TF32's ten bits."""

    def __init__(self, rounding: Rounding | None = None) -> None:
        """Round to the nearest, or by another ``rounding``."""
        super().__init__()
        self._rounding: Rounding = rounding or to_tf32

    def __torch_dispatch__(  # noqa: D105  torch's own protocol
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        operands = _OPERANDS.get(func.overloadpacket.__name__, ())
        rounded = [_rounded(each, self._rounding) if index in operands else each for index, each in enumerate(args)]
        return func(*rounded, **(kwargs or {}))


class ByLogSumExp(Mode):
    """While active, softmax is exp(x′ - logsumexp(x)), where x′ is x before it was rounded: one unit round-off away.

    So computes a kernel whose x is a product, once for the sum and once for the answer: the compiler fuses the second
    with the subtraction. Its error grows with the size of x; eager's does not where one element outweighs all others.
    """

    def __torch_dispatch__(  # noqa: D105  torch's own protocol
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func.overloadpacket.__name__ != "_softmax" or not args[0].numel():
            return func(*args, **(kwargs or {}))
        given = args[0]
        usual = given if given.dtype is torch.float64 else given.float()
        total = usual.logsumexp(args[1], keepdim=True)
        sign = 1.0 - 2.0 * torch.randint(2, usual.shape, device=usual.device).double()
        other = usual.double() * (1 + sign * torch.finfo(usual.dtype).eps / 2)
        answer = (other - total).exp().to(usual.dtype)
        return answer if args[2] else answer.to(given.dtype)


def _rounded(value: Any, rounding: Rounding) -> Any:
    if isinstance(value, (list, tuple)):
        return [_rounded(each, rounding) for each in value]
    return rounding(value) if isinstance(value, torch.Tensor) and value.dtype is torch.float32 else value


def to_tf32(tensor: torch.Tensor) -> torch.Tensor:
    """Round float32 to the nearest TF32, ties to even; infinities and NaN stay."""
    bits = tensor.contiguous().view(torch.int32)
    half = (1 << (_DROPPED - 1)) - 1
    nearest = (bits + half + ((bits >> _DROPPED) & 1)) & -(1 << _DROPPED)
    return torch.where(torch.isfinite(tensor), nearest.view(torch.float32), tensor)


def truncated(tensor: torch.Tensor) -> torch.Tensor:
    """Cut float32 down to TF32, towards zero: what a tensor core does with float32 operands that it is handed."""
    return _cut(tensor, tensor.contiguous().view(torch.int32))


def stochastic(tensor: torch.Tensor) -> torch.Tensor:
    """Round float32 to one of the two neighbours in TF32, the nearer one more often; from torch's own random state."""
    bits = tensor.contiguous().view(torch.int32)
    return _cut(tensor, bits + torch.randint_like(bits, 1 << _DROPPED))


def coarse(tensor: torch.Tensor, times: int) -> torch.Tensor:
    """Round float32 to the nearest of the numbers that are ``times`` (a power of two) further apart than TF32's."""
    scaled = tensor.double()
    mantissa, exponent = torch.frexp(scaled)
    steps = (2 << (23 - _DROPPED)) // times
    return torch.where(
        torch.isfinite(tensor), torch.ldexp((mantissa * steps).round() / steps, exponent).float(), tensor
    )


def _cut(tensor: torch.Tensor, bits: torch.Tensor) -> torch.Tensor:
    return torch.where(torch.isfinite(tensor), (bits & -(1 << _DROPPED)).view(torch.float32), tensor)
