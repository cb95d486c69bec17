"""Words that come with the release."""

from types import SimpleNamespace

import pytest
import torch

from sandbox.exchange import Snapshot
from sandbox.withheld import WIDEST, Withheld


def withheld(words, sets=1):
    """Sets that count their words, packed and put with decoys; what is in both, and what was drawn."""
    drawn = torch.arange(sets * words).view(sets, words) + 1
    packed, live = drawn.clone(), torch.zeros_like(drawn)
    shared = SimpleNamespace(live_inputs=lambda sets: live[:sets].view(torch.uint8))
    found = Withheld(shared, Snapshot(packed.view(torch.uint8), 0))
    live.copy_(packed)
    return found, packed, live, drawn


@pytest.mark.parametrize("words", [1, 7, 600, 1 << 18])
@pytest.mark.parametrize("sets", [1, 3])
def test_all_is_there_once_they_are_given(words, sets):
    found, packed, live, drawn = withheld(words, sets)
    found.give()
    assert torch.equal(live, drawn)
    assert torch.equal(packed, drawn)


@pytest.mark.parametrize("words", [2, 600, 1 << 18])
def test_before_that_every_long_row_of_every_set_has_decoys_which_look_like_the_rest(words):
    _, _, live, drawn = withheld(words, sets=3)
    differs = live != drawn
    assert all(bool(stretch.any()) for each in differs for stretch in each.split(WIDEST) if len(stretch) == WIDEST)
    assert bool(differs.any(1).all())
    assert torch.equal(live.flatten().sort().values, drawn.flatten())


def test_no_more_is_withheld_than_a_cold_cache_allows():
    _, _, live, drawn = withheld(1 << 18)
    assert (live != drawn).float().mean().item() <= 2.1 / WIDEST


def test_which_places_is_secret():
    assert len({tuple((live != drawn).nonzero()[:, 1].tolist()) for _, _, live, drawn in map(withheld, [5000] * 9)}) > 5


def test_sets_without_a_word_are_given_as_they_are():
    withheld(0)[0].give()
