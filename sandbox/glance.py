"""Secret places of the outputs, looked at the moment that a candidate says it is done, before the clock stops."""

import secrets

import torch

from sandbox import copy_engine
from sandbox.comb import comb
from sandbox.exchange import Exchange, Snapshot

PLACES = 512
"""In one block at least, and up to twice as many."""
WHOLE = 1 << 14
"""Words of a block up to which all are looked at: so many take little longer than places that lie apart. Behind a look
at four times as many in one piece, the null candidate's next answer came a slice of the card later in up to three runs
of four (3.8 instead of 0.2 ms, H200); behind this, in none of 60."""
RUN = 512
"""Words in a row that are looked at in each block."""


class Glance:
    """A look at one block, chosen in secret, and at a short run of words in each."""

    def __init__(self, shared: Exchange, sets: int) -> None:
        """Choose among the first ``sets`` blocks, and places in them."""
        words = shared.live_outputs(sets).view(torch.int64)
        length = words.shape[1]
        self._block, self._run = secrets.randbelow(sets), secrets.randbelow(max(1, length - RUN + 1))
        self._places = comb(length, length // PLACES if length > WHOLE else 1)
        self._live = self._chosen(words)
        self._seen = [torch.zeros(each.shape, dtype=each.dtype, pin_memory=each.is_cuda) for each in self._live]

    def look(self) -> None:
        """Read them, and wait for what was read."""
        for live, seen in zip(self._live, self._seen, strict=True):
            if live.is_cuda:
                copy_engine.fetch(live, seen)
            else:
                seen.copy_(live)

    def agrees(self, later: Snapshot) -> bool:
        """Whether a later copy of the outputs holds the same there."""
        held = self._chosen(later.bytes.view(torch.int64))
        return all(torch.equal(each.cpu(), seen) for each, seen in zip(held, self._seen, strict=True))

    def _chosen(self, words: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The runs first: the last call of a burst is the last to be done."""
        return words[:, self._run : self._run + RUN], words[self._block, self._places, None]
