"""Measures what a card's memory reaches, once a process: the physical floor is a share of that, not of a data sheet."""

import statistics
from collections.abc import Callable

import torch

from sandbox.gpu import GpuSpec

BYTES_OF_L2 = 16
"""Size of a buffer in units of the L2: so large that next to nothing of it is still there in the next pass."""
MOST_OF_FREE = 4
"""A buffer takes at most one part in this many of the memory that is free."""
WARM_UPS, SAMPLES = 20, 9
"""Passes before the first sample, in which the clocks rise; samples whose median counts."""


def bandwidth_gb_per_s(gpu: GpuSpec) -> float | None:
    """Give the fastest of reading, writing and copying a large buffer, by CUDA events; None where no memory is free.

    A copy moves each byte twice. Reading alone is the fastest on some cards, copying on others: a floor takes the
    fastest, for it must not lie above what an honest kernel can do.
    """
    free, _ = torch.cuda.mem_get_info()
    count = min(int(gpu.l2_mb * (1 << 20)) * BYTES_OF_L2, free // MOST_OF_FREE) // 4
    if count <= 0:
        return None
    try:
        source, target = (torch.zeros(count, dtype=torch.float32, device="cuda") for _ in range(2))
        total = torch.zeros((), dtype=torch.float32, device="cuda")
    except torch.OutOfMemoryError:
        return None
    passes: list[tuple[Callable[[], object], int]] = [
        (lambda: torch.sum(source, 0, out=total), 1),
        (lambda: target.fill_(1.0), 1),
        (lambda: target.copy_(source), 2),
    ]
    size = source.numel() * source.element_size()
    return max(moved * size / _milliseconds(act) / 1e6 for act, moved in passes)


def _milliseconds(act: Callable[[], object]) -> float:
    for _ in range(WARM_UPS):
        act()
    samples: list[float] = []
    for _ in range(SAMPLES):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        act()
        end.record()
        end.synchronize()
        samples.append(begin.elapsed_time(end))
    return statistics.median(samples)
