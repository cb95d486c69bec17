"""A few secret places of the outputs, looked at the moment that a candidate says it is done.

The clock stops behind this look: whoever says so early is either caught by it or pays for the wait.
"""

import secrets

import torch

from sandbox.exchange import Exchange, Snapshot

PLACES = 512


class Glance:
    """A look at one block, chosen in secret."""

    def __init__(self, shared: Exchange, sets: int) -> None:
        """Choose among the first ``sets`` blocks, and places in it."""
        self._block = secrets.randbelow(sets)
        self._area = shared.live_outputs(self._block).view(torch.int64)
        random = torch.Generator().manual_seed(secrets.randbits(63))
        count = PLACES if self._area.numel() else 0
        places = torch.randint(0, max(1, self._area.numel()), (count,), generator=random)
        self._places = places.to(self._area.device)
        self._seen = self._area[:0]

    def look(self) -> None:
        """Read them, and wait for what was read."""
        self._seen = self._area[self._places].cpu()

    def agrees(self, later: Snapshot) -> bool:
        """Whether a later copy of the outputs holds the same there."""
        held = later.bytes[self._block].view(torch.int64)
        return torch.equal(held[self._places].cpu(), self._seen)
