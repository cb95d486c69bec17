"""The look that stops the clock."""

from types import SimpleNamespace

import torch

from sandbox.exchange import Snapshot
from sandbox.glance import Glance


def glanced(words):
    """A look at an area so small that every word is among the chosen, but for one chance in 10^60."""
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
