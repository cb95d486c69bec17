"""Secret places of the outputs, looked at the moment that a candidate says it is done.

The clock stops behind this look: whoever says so early is caught by it.
"""

import secrets

import torch

from sandbox.child import card
from sandbox.exchange import Exchange, Snapshot

PLACES = 512
"""At least half as many, and where there are no more words than these, all of them."""
_PLAY = 64
"""How far apart the places lie differs by up to one part in so many."""


class Glance:
    """A look at one block, chosen in secret: words equally far apart, so that no stretch of it is left out."""

    def __init__(self, shared: Exchange, sets: int) -> None:
        """Choose among the first ``sets`` blocks, and places in it."""
        self._block = secrets.randbelow(sets)
        words = shared.live_outputs(self._block).view(torch.int64)
        widest = max(1, -(-words.numel() // PLACES))
        self._apart = widest - secrets.randbelow(max(1, widest // _PLAY))
        self._first = secrets.randbelow(self._apart)
        self._live = self._chosen(words)
        self._seen = torch.zeros(self._live.shape, dtype=torch.int64, pin_memory=words.is_cuda)

    def look(self) -> None:
        """Read them, and wait for what was read."""
        if self._live.is_cuda:
            card.read(self._live, self._seen)
        else:
            self._seen.copy_(self._live)

    def agrees(self, later: Snapshot) -> bool:
        """Whether a later copy of the outputs holds the same there."""
        return torch.equal(self._chosen(later.bytes[self._block].view(torch.int64)).cpu(), self._seen)

    def _chosen(self, words: torch.Tensor) -> torch.Tensor:
        return words[self._first :: self._apart]
