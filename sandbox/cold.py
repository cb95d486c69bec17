"""A cold cache before each run, and a card that is busy with that while others launch."""

from math import ceil

import torch

from sandbox.gpu import GpuSpec

COVER_MS = 0.3
"""While the card empties its cache for so long a guest launches its first kernels: in a steady stream the calls before
hide that. On an H200 a first launch took 70 to 207 microseconds, and 190 more than the null's at worst."""
SPACER_MS = 0.2
"""While it does so for so long the judge launches what is timed next, by the card's events."""
_REACHED = 0.65
"""Of the data sheet's bandwidth: an H200 empties its cache in 0.033 ms where that says 0.022."""


class Cold:
    """A card's cache."""

    def __init__(self, gpu: GpuSpec) -> None:
        """Take memory of twice its size."""
        size = int(2 * gpu.l2_mb * (1 << 20))
        self._scrap = torch.empty(size, dtype=torch.uint8, device="cuda")
        # What was measured instead would not be the same for the null candidate as for others.
        self._once_ms = size / (_REACHED * gpu.dram_gb_per_s * 1e9) * 1e3

    def flush(self) -> None:
        """Throw inputs, weights and outputs out of it."""
        self._scrap.zero_()

    def keep(self, ms: float) -> None:
        """Do so for about ``ms`` milliseconds."""
        for _ in range(ceil(ms / self._once_ms)):
            self.flush()


class Warm(Cold):
    """A cache that is left alone, where nothing is timed."""

    def __init__(self) -> None:
        """Take nothing."""

    def flush(self) -> None:
        """Do nothing."""

    def keep(self, ms: float) -> None:
        """Do nothing."""
