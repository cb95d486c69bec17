"""Words of the inputs that come with the release: what begins on the other ones before computes with decoys."""

import torch

from sandbox.comb import comb
from sandbox.exchange import Exchange, Snapshot

PLACES = 512
"""In each set, and up to twice as many, where it has so many words."""
WIDEST = 512
"""Words from one to the next at most: a long row has some of them, and few others come into the cache with them."""


class Withheld:
    """Secret places in each of some packed sets, which hold other places' values until they are given."""

    def __init__(self, shared: Exchange, packed: Snapshot) -> None:
        """Choose, and put decoys there."""
        words = packed.bytes.view(torch.int64)
        places = comb(words.shape[1], min(WIDEST, words.shape[1] // PLACES))
        self._packed, self._live = words[:, places], shared.live_inputs(len(words)).view(torch.int64)[:, places]
        self._true = self._packed.clone()
        # They look like the others, so that nobody can tell the places.
        self._packed.copy_(self._true.flatten().roll(1).view_as(self._true))

    def give(self) -> None:
        """Put all as it was drawn, in the packed sets and in the memory that the guest shares."""
        for each in (self._packed, self._live):
            each.copy_(self._true)
