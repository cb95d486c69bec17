"""Words of the inputs that come once the clock runs: what begins on the other ones before computes with decoys."""

import secrets
from collections.abc import Sequence

import torch

from sandbox.comb import comb
from sandbox.exchange import Exchange, Snapshot

PLACES = 512
"""In each input of a set, and up to twice as many; all words of a small one. They bring little into a large cache."""


class Withheld:
    """Secret places in each of some input sets, whose words come last."""

    def __init__(self, shared: Exchange, sets: int, other: Sequence[torch.Tensor]) -> None:
        """Choose the places; decoys are words of one ``other`` set, each from the input that it stands in."""
        places, sources = [torch.empty(0, dtype=torch.int64)], [torch.empty(sets, 0, dtype=torch.int64)]
        for begin, length in shared.input_words():
            chosen = comb(length, length // PLACES)
            some = torch.arange(chosen.start, length, chosen.step)
            # Each set takes other ones: what two sets have in common would tell the places.
            shifts = torch.tensor([[secrets.randbelow(max(1, length))] for _ in range(sets)])
            places.append(begin + some)
            sources.append(begin + (some + shifts) % max(1, length))
        words = shared.packed([other]).bytes.view(torch.int64)[0]
        self._places = torch.cat(places).to(words.device)
        self._decoys = words[torch.cat(sources, 1).to(words.device)]
        live = shared.live_inputs(sets).view(torch.int64)
        self._live = live.as_strided((live.stride(0) * (sets - 1) + live.shape[1],), (1,))
        """All sets in one row, with what lies between them: one launch, for the clock runs meanwhile."""
        self._among = (live.stride(0) * torch.arange(sets)[:, None] + torch.cat(places)).flatten().to(words.device)

    def hide(self, packed: Snapshot) -> None:
        """Lay decoys out in all sets, which shall be put where the guest finds them."""
        words = packed.bytes.view(torch.int64)
        self._true = words[:, self._places]
        words[:, self._places] = self._decoys

    def give(self) -> None:
        """Put what was withheld where the guest finds it; on a card this is queued and not waited for."""
        self._live.index_copy_(0, self._among, self._true.flatten())

    def restore(self, packed: Snapshot) -> None:
        """Lay the true words out again."""
        packed.bytes.view(torch.int64)[:, self._places] = self._true
