"""A cold cache before each run, and a card that is busy with that while others launch."""

from math import ceil

import torch

from sandbox.gpu import GpuSpec

COVER_MS = 0.3
"""For about so long the card empties its cache while a guest launches its first kernels: in a steady stream the calls
before hide that. ARCHITECTURE.md says how long a first launch takes."""
SPACER_MS = 0.2
"""For about so long it does so while the judge launches what is timed next, by the card's events."""
_REACHED = 0.65
"""Of the data sheet's bandwidth: an H200 empties its cache in 0.033 ms where that says 0.022. Cards that reach more are
busy for up to a third less than they are asked to be."""


class Cold:
    """A card's cache, which is emptied."""

    def __init__(self, gpu: GpuSpec | None) -> None:
        """Take memory of twice its size; where nothing is timed (None), leave it alone."""
        self._scrap: torch.Tensor | None = None
        self._once_ms = 1.0
        if gpu:
            size = int(2 * gpu.l2_mb * (1 << 20))
            self._scrap = torch.empty(size, dtype=torch.uint8, device="cuda")
            # Reckoned, not measured: that would differ from guest to guest, and with it what a run costs.
            self._once_ms = size / (_REACHED * gpu.dram_gb_per_s * 1e9) * 1e3

    def flush(self) -> None:
        """Throw inputs, weights and outputs out of it."""
        if self._scrap is not None:
            self._scrap.zero_()

    def keep_busy(self, ms: float) -> None:
        """Keep the card busy with that for about ``ms`` milliseconds."""
        for _ in range(ceil(ms / self._once_ms)):
            self.flush()
