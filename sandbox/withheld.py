"""Words of the inputs that come once the clock runs: what begins on the other ones before computes with decoys."""

import torch

from sandbox.comb import comb
from sandbox.exchange import Exchange, Snapshot

PLACES = 512
"""In each set, and up to twice as many; all, where it has fewer words. So few bring next to nothing into the cache."""


class Withheld:
    """Some packed sets, and secret places in them whose words come last."""

    def __init__(self, shared: Exchange, packed: Snapshot, others: Snapshot) -> None:
        """Choose the places; decoys are words of ``others``, one set that nobody has seen."""
        self._shared, self._packed, words = shared, packed, packed.bytes.view(torch.int64)
        sets, length = words.shape
        places = comb(length, length // PLACES)
        self._chosen, self._live = (
            each.view(torch.int64)[:, places] for each in (packed.bytes, shared.live_inputs(sets))
        )
        self._true = self._chosen.clone()
        # Each set takes other ones: what two sets have in common would tell the places.
        begins = torch.arange(sets, device=words.device)[:, None]
        near = torch.arange(places.start, length, places.step, device=words.device) + begins
        self._decoys = others.bytes.view(torch.int64)[0][near % max(1, length)]

    def put(self) -> None:
        """Put all sets where the guest finds them, with decoys."""
        self._chosen.copy_(self._decoys)
        self._shared.put(self._packed)
        self._chosen.copy_(self._true)

    def give(self) -> None:
        """Put what was withheld; it is there when this returns."""
        self._live.copy_(self._true)
        if self._live.is_cuda:
            torch.cuda.synchronize()
