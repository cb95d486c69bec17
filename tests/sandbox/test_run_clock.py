"""In which order a run's steps are asked for, and what of them is its time; the card's part is played."""

import pytest
from told_cold import ToldCold

from sandbox import run_clock
from sandbox.cold import COVER_MS, SPACER_MS
from sandbox.run_clock import RunClock

HANDOVER, WORDS, COVER = "handover", "words", "cover"
CARD_MS = {HANDOVER: 1.2, WORDS: 0.01, COVER: 0.32}


@pytest.fixture
def happened():
    return []


@pytest.fixture
def made(monkeypatch, happened):
    names = iter((HANDOVER, WORDS, COVER))

    class Asked:
        def __init__(self, *, on_card):
            assert on_card
            self._name = next(names)
            self.ms = CARD_MS[self._name]

        def begin(self):
            happened.append(f"{self._name} begins")

        def end(self):
            happened.append(f"{self._name} ends")

        def wait(self):
            happened.append(f"{self._name} is over")

    monkeypatch.setattr(run_clock, "CardTime", Asked)
    return RunClock(ToldCold(happened), lambda: happened.append("put"), lambda: happened.append("given"), on_card=True)


def at(monkeypatch, *moments_ms):
    times = iter(moments_ms)
    monkeypatch.setattr(run_clock.time, "perf_counter_ns", lambda: int(next(times) * 1e6))


def test_nothing_lies_between_what_is_watched_and_what_is_timed(made, happened):
    made.put_inputs()
    made.start()
    assert happened == [
        *(f"kept for {SPACER_MS} ms", f"{HANDOVER} begins", "put", "emptied"),
        *(f"kept for {SPACER_MS} ms", f"{HANDOVER} ends", f"{COVER} begins"),
        *(f"{WORDS} begins", "given", f"{WORDS} ends", f"kept for {COVER_MS} ms", f"{COVER} ends", f"{WORDS} is over"),
    ]
    assert made.handover_ms == CARD_MS[HANDOVER]


@pytest.mark.parametrize(
    ("given", "free", "over", "ms"),
    [
        (10.0, 10.31, 12.31, 2.32),
        (10.0, 11.31, 12.31, 2.32),  # the host saw late that the card was free
        (10.2, 10.31, 12.31, 2.32),  # and here that the words had come
        (11.0, 11.0, 13.0, 2.32),  # and here both
        (10.0, 10.31, 10.32, 0.33),
    ],
)
def test_the_time_is_from_the_words_by_the_clock_that_was_not_late(monkeypatch, made, happened, given, free, over, ms):
    at(monkeypatch, given, free, over)
    made.start()
    happened.clear()
    made.wait_for_card()
    made.stop(lambda: happened.append("looked"))
    assert happened == [f"{COVER} is over", "looked"]
    assert made.ms == pytest.approx(ms)
