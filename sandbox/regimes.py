"""How the rungs of the ladder are drawn, and how a few elements of a set are changed."""

import secrets
from collections.abc import Sequence

import torch

from sandbox.ladder import SCALES, Distribution

SPIKE = 1e4
"""Largest magnitude of the spike: within the range of fp16, for what a task allows in precision should not fail for
range alone."""
CUT = 1e3
"""Largest magnitude of the heavy tail."""
CHANGED = 8
"""Elements that a mutation changes, at most."""
FEWEST = 2
"""Elements that it changes at least, of a tensor that has as many."""
ONE_IN = 512
"""Beyond the fewest no more than one element in so many: who looks at a sample of them should miss the change."""


def drawn(like: torch.Tensor, distribution: Distribution) -> torch.Tensor:
    """Draw a tensor of the same make from torch's own random state; one that is not floating or complex stays.

    OWN is the caller's to draw.
    """
    if not (like.is_floating_point() or like.is_complex()):
        return like
    normal = torch.randn_like(like, memory_format=torch.contiguous_format)
    if scale := SCALES.get(distribution):
        return normal * scale
    match distribution:
        case Distribution.SPIKE:
            return _with_spike(normal)
        case Distribution.ALTERNATING:
            signs = 1 - 2 * (torch.arange(like.numel(), device=like.device) % 2)
            return normal.abs().to(like.dtype) * signs.reshape(like.shape)
        case Distribution.HEAVY_TAIL:
            # A quotient of two normal numbers is Cauchy's; in float32, for half types overflow in between.
            quotient = torch.randn(like.shape, device=like.device) / torch.randn(like.shape, device=like.device)
            return quotient.nan_to_num(CUT).clamp(-CUT, CUT).to(like.dtype)
        case Distribution.ZEROS:
            return _with_zeros(normal)
        case Distribution.MIXED:
            return normal * _scales_of_rows(like)
        case _:
            raise ValueError(f"{distribution} is not drawn here")


def _with_spike(normal: torch.Tensor) -> torch.Tensor:
    if normal.numel():
        # A round number would be exact in TF32, and tell less of the error that is allowed.
        normal.view(-1)[int(torch.randint(normal.numel(), ()))] = SPIKE * (0.5 + 0.5 * float(torch.rand(())))
    return normal


def _with_zeros(normal: torch.Tensor) -> torch.Tensor:
    fate = torch.rand(normal.shape, device=normal.device)
    smallest = torch.finfo(normal.dtype).smallest_normal
    return torch.where(fate < 0.25, 0, torch.where(fate > 0.98, normal * smallest / 16, normal))


def _scales_of_rows(like: torch.Tensor) -> torch.Tensor:
    """Give a scale of 10⁻³ to 10³ for each slice along the first dimension of more than one."""
    wide = next((index for index, size in enumerate(like.shape) if size > 1), 0)
    shape = [size if index == wide else 1 for index, size in enumerate(like.shape)]
    return (10.0 ** (6 * torch.rand(shape, device=like.device) - 3)).to(like.dtype)


def mutated(tensors: Sequence[torch.Tensor], size: float) -> list[torch.Tensor] | None:
    """Copy a set with a few elements of one floating-point tensor changed; None where there is no such tensor.

    One element in ``ONE_IN``, but ``FEWEST`` at least and ``CHANGED`` at most; a tensor of fewer is changed wholly.
    Which tensor, which elements: the operating system's randomness. New magnitudes are ``size`` to twice that.
    """
    able = [index for index, each in enumerate(tensors) if each.is_floating_point() and each.numel()]
    if not able:
        return None
    chosen = secrets.choice(able)
    changed = tensors[chosen].clone(memory_format=torch.contiguous_format)
    flat = changed.view(-1)
    count = min(CHANGED, max(FEWEST, flat.numel() // ONE_IN), flat.numel())
    for place in secrets.SystemRandom().sample(range(flat.numel()), count):
        sign = 1 - 2 * secrets.randbelow(2)
        flat[place] = sign * size * (1 + secrets.randbelow(1 << 16) / (1 << 16))
    return [changed if index == chosen else each for index, each in enumerate(tensors)]
