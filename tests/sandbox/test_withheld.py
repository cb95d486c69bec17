"""Words that come once the clock runs."""

import pytest
import torch

from sandbox.exchange import Snapshot
from sandbox.withheld import PLACES, Withheld

SIZES = [(1,), (7,), (600,), (PLACES,), (3 * PLACES, 5), (1 << 18, 1000)]
"""Words of the inputs, one after another, with two words between them."""
GAP = 2


class Sets:
    """Sets that count their words, with decoys below zero; ``live`` is what the guest sees, put as it was laid out."""

    def __init__(self, sizes, sets=1):
        self._sizes, length = sizes, sum(each + GAP for each in sizes)
        self.drawn = torch.arange(sets * length).view(sets, length)
        self.live, self._other = self.drawn.clone(), -1 - torch.arange(length)
        self.withheld = Withheld(self, sets, [])
        self.withheld.hide(Snapshot(self.live.view(torch.uint8), 0))

    def input_words(self):
        begins = [sum(each + GAP for each in self._sizes[:index]) for index in range(len(self._sizes))]
        return list(zip(begins, self._sizes, strict=True))

    def packed(self, sets):
        return Snapshot(self._other.view(1, -1).view(torch.uint8), 0)

    def live_inputs(self, sets):
        return self.live[:sets].view(torch.uint8)

    @property
    def lacks(self):
        return self.live < 0


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("sets", [1, 3])
def test_all_is_there_once_they_are_given(sizes, sets):
    made = Sets(sizes, sets)
    made.withheld.give()
    assert torch.equal(made.live, made.drawn)


@pytest.mark.parametrize("sizes", SIZES)
def test_what_was_laid_out_is_as_before_once_it_is_restored(sizes):
    made = Sets(sizes, sets=3)
    hidden = made.live.clone()
    made.withheld.restore(Snapshot(hidden.view(torch.uint8), 0))
    assert torch.equal(hidden, made.drawn)


@pytest.mark.parametrize("sizes", SIZES)
def test_before_that_each_input_of_each_set_lacks_some_words_and_has_the_rest(sizes):
    made = Sets(sizes, sets=3)
    assert torch.equal(made.live[~made.lacks], made.drawn[~made.lacks])
    for begin, length in made.input_words():
        for each in made.lacks[:, begin : begin + length]:
            assert min(length, PLACES) <= int(each.sum()) <= 2 * PLACES
        assert not made.lacks[:, begin + length : begin + length + GAP].any(), "between the inputs nothing changes"


def test_a_decoy_comes_from_the_input_that_it_stands_in():
    made = Sets((3 * PLACES, 5), sets=32)
    for begin, length in made.input_words():
        there = -1 - made.live[:, begin : begin + length][made.lacks[:, begin : begin + length]]
        assert begin <= int(there.min())
        assert int(there.max()) < begin + length


def test_what_is_withheld_is_nowhere_and_sets_differ_where_it_is():
    made = Sets((1 << 18,), sets=8)
    assert not torch.isin(made.drawn[made.lacks], made.live).any()
    assert len({tuple(each.tolist()) for each in made.live[:, made.lacks[0]]}) == 8


def test_which_places_is_secret():
    chosen = [tuple(Sets((5000,)).lacks[0].nonzero().flatten().tolist()) for _ in range(20)]
    assert len(set(chosen)) > 3


@pytest.mark.parametrize("sizes", [(), (0,), (0, 3)])
def test_sets_without_a_word_are_given_as_they_are(sizes):
    made = Sets(sizes)
    made.withheld.give()
    assert torch.equal(made.live, made.drawn)
