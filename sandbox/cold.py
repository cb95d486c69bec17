"""A cold cache before each run, and a card that is busy with that until the guest has launched."""

from collections.abc import Callable
from math import ceil

import torch

from sandbox.card_time import CardTime
from sandbox.gpu import GpuSpec

COVER_MS = 0.3
"""For so long at least the card empties its cache, while a guest launches its first kernels: in a steady stream the
calls before hide that. On an H200 a first launch took 70 to 207 microseconds, and 190 more than the null's at worst."""
_SPACER = 4
"""Times that the cache is emptied before, while the host launches all that."""


class Cold:
    """A card's cache."""

    def __init__(self, gpu: GpuSpec) -> None:
        """Take memory of twice its size."""
        size = int(2 * gpu.l2_mb * (1 << 20))
        self._scrap = torch.empty(size, dtype=torch.uint8, device="cuda")
        # By the data sheet: a cover that was measured would not be the same for the null candidate as for others.
        self._times = ceil(COVER_MS * 1e-3 * gpu.dram_gb_per_s * 1e9 / size)

    def flush(self, times: int = 1) -> None:
        """Throw inputs, weights and outputs out of it."""
        for _ in range(times):
            self._scrap.zero_()

    def cover(self) -> None:
        """Do so for ``COVER_MS``, at least."""
        self.flush(self._times)


class Warm(Cold):
    """A cache that is left alone, where nothing is timed."""

    def __init__(self) -> None:
        """Take nothing."""

    def flush(self, times: int = 1) -> None:
        """Do nothing."""

    def cover(self) -> None:
        """Do nothing."""


class Cover:
    """What the card does from when the last words come until it is the guest's, who launches meanwhile."""

    def __init__(self, cold: Cold, give: Callable[[], None], *, on_card: bool) -> None:
        """Take what lets the words come."""
        self._cold, self._give = cold, give
        self._words, self._whole = (CardTime(on_card=on_card) for _ in range(2))

    def begin(self) -> None:
        """Let it all be done; the words are there when this returns."""
        self._cold.flush(_SPACER)
        with self._whole:
            with self._words:
                self._give()
            self._cold.cover()
        self._words.wait()

    def wait(self) -> None:
        """Wait until the card is the guest's."""
        self._whole.wait()

    @property
    def ms(self) -> float:
        """What the card took: more than ever where a guest took it meanwhile."""
        return self._whole.ms
