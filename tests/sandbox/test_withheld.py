"""Words that come once the clock runs."""

import pytest
import torch

from sandbox.exchange import Snapshot
from sandbox.withheld import PLACES, Withheld

SIZES = [1, 7, 600, PLACES, 3 * PLACES, 1 << 18]


class Sets:
    """Sets that count their words, put with decoys below zero; ``live`` is what the guest sees."""

    def __init__(self, words, sets=1):
        self.drawn = torch.arange(sets * words).view(sets, words)
        self.packed, self.live = self.drawn.clone(), torch.zeros_like(self.drawn)
        others = -1 - torch.arange(words).view(1, words)
        given, kept = (Snapshot(each.view(torch.uint8), 0) for each in (self.packed, others))
        self.withheld = Withheld(self, given, kept)
        self.withheld.put()

    def live_inputs(self, sets):
        return self.live[:sets].view(torch.uint8)

    def put(self, packed):
        self.live.copy_(packed.bytes.view(torch.int64))

    @property
    def withheld_places(self):
        return self.live < 0


@pytest.mark.parametrize("words", SIZES)
@pytest.mark.parametrize("sets", [1, 3])
def test_all_is_there_once_they_are_given(words, sets):
    made = Sets(words, sets)
    assert torch.equal(made.packed, made.drawn), "what the inputs are compared with afterwards"
    made.withheld.give()
    assert torch.equal(made.live, made.drawn)


@pytest.mark.parametrize("words", SIZES)
def test_before_that_each_set_lacks_some_words_and_has_the_rest(words):
    made = Sets(words, sets=3)
    lacks = made.withheld_places
    assert torch.equal(made.live[~lacks], made.drawn[~lacks])
    for each in lacks:
        assert min(words, PLACES) <= int(each.sum()) <= 2 * PLACES


def test_what_is_withheld_is_nowhere_and_two_sets_have_no_word_in_common():
    made = Sets(1 << 14, sets=3)
    true = made.drawn[made.withheld_places]
    assert not torch.isin(true, made.live).any()
    assert len(made.live.unique()) == made.live.numel()


def test_which_places_is_secret():
    chosen = [tuple(Sets(5000).withheld_places[0].nonzero().flatten().tolist()) for _ in range(9)]
    assert len(set(chosen)) > 5


def test_sets_without_a_word_are_given_as_they_are():
    Sets(0).withheld.give()
