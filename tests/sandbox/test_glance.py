"""The look that stops the clock."""

from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sandbox.exchange import Snapshot
from sandbox.glance import PLACES, RUN, WHOLE, Glance


def glanced(words, sets=1):
    """A look at areas that count their words, and what it looked at."""
    area = torch.arange(sets * words).view(sets, words)
    glance = Glance(SimpleNamespace(live_outputs=lambda sets: area[:sets].view(torch.uint8)), sets)
    glance.look()
    return glance, area


def agrees(glance, area):
    return glance.agrees(Snapshot(area.view(torch.uint8), 0))


def test_outputs_that_stay_as_they_were_agree():
    glance, area = glanced(2, sets=3)
    assert agrees(glance, area.clone())


@pytest.mark.parametrize("words", [1, 2, WHOLE])
def test_of_few_words_each_is_looked_at(words):
    glance, area = glanced(words)
    area[0, words // 2] -= 1
    assert not agrees(glance, area)


def test_empty_outputs_agree():
    assert agrees(*glanced(0, sets=2))


@given(st.integers(WHOLE + 1, 3 * WHOLE), st.data())
def test_a_stretch_that_is_written_late_is_seen_wherever_it_lies(words, data):
    glance, area = glanced(words)
    stretch = words // PLACES
    at = data.draw(st.integers(0, words - stretch))
    area[0, at : at + stretch] -= 1
    assert not agrees(glance, area)


@pytest.mark.parametrize("late", range(4))
@pytest.mark.parametrize("words", [1, RUN, 3 * WHOLE])
def test_a_call_of_a_burst_that_is_not_done_is_seen_whichever_it_is(late, words):
    glance, area = glanced(words, sets=4)
    area[late] -= 1
    assert not agrees(glance, area)


@pytest.mark.parametrize("row", [128, 1000, 4096])
def test_the_last_columns_of_every_row_cannot_be_left_for_later(row):
    """An eighth of each; places as far apart as the rows are long would be the same column of each."""
    caught = 0
    for _ in range(40):
        glance, area = glanced(row * 512)
        area.view(-1, row)[:, row - row // 8 :] -= 1
        caught += not agrees(glance, area)
    assert caught >= 30


def test_which_block_and_which_words_are_secret():
    looks = [glanced(2 * WHOLE, sets=8)[0]._seen for _ in range(40)]
    assert len({int(places[0]) // (2 * WHOLE) for _, places in looks}) > 1
    assert len({tuple(places.flatten().tolist()) for _, places in looks}) > 20
    assert len({int(runs[0, 0]) for runs, _ in looks}) > 20
