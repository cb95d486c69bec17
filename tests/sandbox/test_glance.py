"""The look that stops the clock."""

from types import SimpleNamespace

import torch
from hypothesis import given
from hypothesis import strategies as st

from sandbox.exchange import Snapshot
from sandbox.glance import PLACES, Glance


def glanced(words):
    """A look at an area that counts its words."""
    area = torch.arange(words)
    glance = Glance(SimpleNamespace(live_outputs=lambda block: area.view(torch.uint8)), 1)
    glance.look()
    return glance, area


def test_outputs_that_stay_as_they_were_agree():
    glance, area = glanced(2)
    assert glance.agrees(Snapshot(area.view(torch.uint8)[None].clone(), 0))


def test_one_word_written_after_the_look_is_seen():
    glance, area = glanced(2)
    area[1] = 7
    assert not glance.agrees(Snapshot(area.view(torch.uint8)[None].clone(), 0))


def test_empty_outputs_agree():
    glance, area = glanced(0)
    assert glance.agrees(Snapshot(area.view(torch.uint8)[None], 0))


@given(st.integers(1, 5000), st.data())
def test_a_stretch_that_is_written_late_is_seen_wherever_it_lies(words, data):
    glance, area = glanced(words)
    stretch = -(-words // PLACES)
    at = data.draw(st.integers(0, words - stretch))
    area[at : at + stretch] -= 1
    assert not glance.agrees(Snapshot(area.view(torch.uint8)[None], 0))


def test_nobody_knows_where():
    places = {tuple(glanced(1 << 20)[0]._seen.tolist()) for _ in range(5)}
    assert len(places) == 5
