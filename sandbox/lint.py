"""From tensors to findings: whether an output is worth being asked for. Nothing here runs a reference."""

from collections.abc import Iterator, Sequence
from math import sqrt

import torch

from sandbox.footprint import Footprint
from sandbox.gpu import GpuSpec
from tasks.flaw import Finding, Flaw

MARGIN = 100.0
"""An output spreads over at least so many times what the judge allows."""
ENOUGH = 0.5
"""A spread of half the output's own size is always enough: 16-bit types allow too much to ask for more."""
COPIES = 3
"""How often all of it lies on the card at once: shared with the candidate, as the judge's own copy, and in eager's run.
Truth in fp64 moves to the host where the card has no room for it."""


def too_large(footprint: Footprint, gpu: GpuSpec) -> Iterator[Finding]:
    """Hold a footprint against a card's memory, which its data sheet gives in units of 10^9 bytes."""
    needed = COPIES * (footprint.known + footprint.peak)
    if needed > gpu.dram_gb * 1e9:
        parts = (footprint.inputs, footprint.weights, footprint.outputs or 0, footprint.peak)
        inputs, weights, outputs, peak = (f"{each / 1e9:.3g}" for each in parts)
        yield Finding(
            Flaw.TOO_LARGE,
            f"inputs {inputs} GB, weights {weights}, outputs {outputs}, the largest operator {peak}; {COPIES} times "
            f"that is {needed / 1e9:.3g} GB, and {gpu.name} has {gpu.dram_gb:g}",
        )


def of_output(draws: Sequence[torch.Tensor], inputs: Sequence[torch.Tensor], allowed: float) -> Iterator[Finding]:
    """Look at one output over several draws of inputs, of which ``inputs`` is the last; give at most one finding.

    ``allowed`` is the error that the judge would forgive it, relative to its norm; 0 for whole numbers.
    """
    real = [_plain(each) for each in draws]
    if not all(each.numel() for each in real):
        yield Finding(Flaw.CONSTANT, "it has no element, so that there is nothing to compute")
    elif not any(bool(torch.isfinite(each).any()) for each in real):
        yield Finding(Flaw.NOT_FINITE, "it holds no finite number")
    elif (value := _only_value(real)) is not None:
        flaw = Flaw.CONSTANT if value else Flaw.ZERO
        yield Finding(flaw, f"every element is {value:g} in {len(real)} draws of the inputs")
    elif (place := copied(draws[-1], inputs)) is not None:
        yield Finding(Flaw.IDENTITY, f"it is input {place}, element by element")
    elif real[0].is_floating_point():
        yield from _narrow(spread(real), allowed)


def _plain(tensor: torch.Tensor) -> torch.Tensor:
    """Give the same numbers in a type that torch can compare and sum."""
    if tensor.is_complex():
        return torch.view_as_real(tensor.resolve_conj())
    if tensor.is_floating_point():
        return tensor.float() if tensor.dtype.itemsize == 1 else tensor
    return tensor.long() if tensor.dtype in (torch.uint16, torch.uint32, torch.uint64) else tensor


def _only_value(draws: Sequence[torch.Tensor]) -> float | None:
    first = draws[0].flatten()[0]
    return float(first) if all(bool((each == first).all()) for each in draws) else None


def copied(output: torch.Tensor, inputs: Sequence[torch.Tensor]) -> int | None:
    """Give the place of the input that an output repeats, whatever shape it gave it; None where it does not."""
    flat = output.flatten()
    for place, each in enumerate(inputs):
        if each.dtype == output.dtype and each.numel() == flat.numel() and torch.equal(each.flatten(), flat):
            return place
    return None


def spread(draws: Sequence[torch.Tensor]) -> float:
    """Standard deviation over root mean square of all finite elements of all draws, so 1 at most."""
    finite = [each[torch.isfinite(each)] for each in draws]
    wide = [each.to(torch.promote_types(each.dtype, torch.float32)) for each in finite if each.numel()]
    moments = [torch.var_mean(each, correction=0) for each in wide]
    variances, means = (torch.stack(each).double() for each in zip(*moments, strict=True))
    variance = (variances.mean() + means.var(correction=0)).item()
    square = variance + means.mean().item() ** 2
    return sqrt(variance / square) if square > 0 else 0.0


def _narrow(found: float, allowed: float) -> Iterator[Finding]:
    wanted = min(MARGIN * allowed, ENOUGH)
    if found < wanted:
        yield Finding(
            Flaw.NARROW,
            f"it spreads over {found:.2g} of its own size, and an error of {allowed:.2g} is forgiven; "
            f"{wanted:.2g} is wanted, so that no constant is nearly right",
        )


def changed(before: Sequence[torch.Tensor], after: Sequence[torch.Tensor]) -> Iterator[Finding]:
    """Name the inputs whose bits a call of the reference changed."""
    for place, (given, left) in enumerate(zip(before, after, strict=True)):
        if not same(given, left):
            yield Finding(Flaw.MUTATES, f"forward changes input {place} in place")


def unsteady(
    first: Sequence[torch.Tensor], again: Sequence[torch.Tensor], seeded: Sequence[torch.Tensor]
) -> Iterator[Finding]:
    """Compare answers to one question: ``first``, ``again`` under another seed, ``seeded`` under the first seed."""
    pairs = list(zip(first, again, seeded, strict=True))
    for place, (one, other, twin) in enumerate(pairs):
        name = f"output {place} " if len(pairs) > 1 else "the answer "
        if not same(one, twin):
            words = "differs from call to call under one seed: atomics, or a state that the model keeps"
            yield Finding(Flaw.NON_DETERMINISTIC, name + words)
        elif not same(one, other):
            yield Finding(Flaw.NON_DETERMINISTIC, name + "hangs on random numbers that forward draws")


def same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors are alike, bit for bit."""
    if (one.shape, one.dtype) != (other.shape, other.dtype):
        return False
    plain = (each.resolve_conj().resolve_neg().contiguous() for each in (one, other))
    return torch.equal(*(each.flatten().view(torch.uint8) for each in plain))
