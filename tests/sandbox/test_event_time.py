"""Which of the card's times count; that a slow host is in none of them is in tests/gpu."""

from types import SimpleNamespace

import pytest
import torch

from sandbox import event_time
from sandbox.event_time import event_ms
from sandbox.sitting import Copies


class Card:
    """Comes to what is launched ``launching_ms`` after its cover began; that takes 5 ms, and the host's rest of it."""

    def __init__(self, monkeypatch, launching_ms):
        self.launching_ms, self.covers_ms = iter(launching_ms), []
        monkeypatch.setattr(event_time, "CardTime", lambda on_card: self)

    def keep_busy(self, ms):
        self.covers_ms.append(ms)

    def __enter__(self):
        self.late_ms = max(0.0, next(self.launching_ms) - self.covers_ms[-1])
        return self

    def __exit__(self, *_):
        pass

    @property
    def begun(self):
        return self.late_ms > 0

    @property
    def ms(self):
        return 5 + self.late_ms


def test_what_the_card_waited_for_does_not_count_and_the_cover_is_longer_from_then_on(monkeypatch):
    card = Card(monkeypatch, [0.2, 1.0, 1.0, 1.0, *[0.2] * 19])
    assert event_ms(lambda: None, card) == 5
    assert card.covers_ms == [0.3, 0.3, 0.6, *[1.2] * 20]


def test_work_that_itself_waits_for_the_card_is_timed_as_it_is(monkeypatch):
    card = Card(monkeypatch, [100.0] * 40)
    assert event_ms(lambda: None, card) == 5 + 100 - max(card.covers_ms)
    assert card.covers_ms[-22:] == [19.2, *[20.0] * 21]


@pytest.mark.parametrize("sets", [1, 3])
def test_a_copy_behind_a_write_is_what_it_adds_to_the_write(monkeypatch, sets):
    """Each operation on an output takes 2 ms; a copy of what was not just written 5 ms more."""
    spent = []
    monkeypatch.setattr(event_time, "Cold", lambda gpu: None)
    monkeypatch.setattr(torch.Tensor, "zero_", lambda self: spent.append("write"))
    monkeypatch.setattr(torch.Tensor, "copy_", lambda self, source: spent.append("copy"))

    def taken(act, cold):
        spent.clear()
        act()
        return 2.0 * len(spent) + 5.0 * max(0, spent.count("copy") - spent.count("write"))

    monkeypatch.setattr(event_time, "event_ms", taken)
    slots = [SimpleNamespace(shape=(2, 3), stride=(1, 2), kind=torch.float32)] * 2
    assert event_time.copies(SimpleNamespace(outputs=slots, device="cpu"), None, sets) == Copies(14.0, 4.0)
