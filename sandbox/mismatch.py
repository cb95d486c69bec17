"""What is wrong with an answer, in words that help the next attempt."""

from math import prod

import torch


def mismatch(answer: torch.Tensor, truth: torch.Tensor, right: torch.Tensor, scale: torch.Tensor) -> str:
    """Say how much is wrong and where it is worst."""
    wrong = ~right
    error = torch.where(wrong, (answer.double() - truth.double()).abs() / scale, torch.full_like(scale.double(), -1.0))
    error = torch.where(wrong & torch.isnan(error), torch.inf, error)
    at = int(error.argmax())
    index = [int(each) for each in torch.unravel_index(torch.tensor(at), error.shape)]
    got, expected, size = answer.flatten()[at].item(), truth.flatten()[at].item(), error.flatten()[at].item()
    how_much = f"{int(wrong.sum())} of {wrong.numel()} elements{_rows(wrong)}"
    return f"{how_much}; max error {size:.2e} of its scale at {index}: got {got:.6g}, expected {expected:.6g}"


def _rows(wrong: torch.Tensor) -> str:
    """Name the rows (all dimensions but the last, joined) if not all are affected and they are one run."""
    rows = wrong.reshape(-1, wrong.shape[-1]).any(1) if wrong.dim() > 1 else wrong
    bad = [int(each) for each in rows.nonzero().flatten()[[0, -1]]] if rows.dim() else [0, 0]
    if rows.dim() and bad[1] - bad[0] + 1 < rows.numel():
        return f", between rows {bad[0]} and {bad[1]} of {rows.numel()}"
    return ""


_WORDS = {2: torch.int16, 4: torch.int32, 8: torch.int64}


def unwritten(output: torch.Tensor, pattern: int) -> torch.Tensor | None:
    """Mark floating-point and complex elements whose bits are still the poison's, repeated; None where none is."""
    size = output.element_size()
    if size % 2 or not (output.is_floating_point() or output.is_complex()) or not output.numel():
        return None
    width = min(size, 8)
    repeated = int.from_bytes(pattern.to_bytes(2, "little") * (width // 2), "little", signed=True)
    if size > width:
        left = (torch.view_as_real(output).view(_WORDS[width]) == repeated).all(-1)
    else:
        left = output.view(_WORDS[width]) == repeated
    return left if bool(left.any()) else None


def unwritten_message(left: torch.Tensor) -> str:
    """Say which rows were never written."""
    return f"{int(left.sum())} of {prod(left.shape)} elements never written{_rows(left)}"
