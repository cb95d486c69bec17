"""What the card does while a guest launches: in which order it is asked for, and how often."""

from sandbox import cold
from sandbox.cold import Cold, Cover, Warm
from sandbox.gpu import gpu_named


class Asked:
    """An event that writes down when it is recorded and waited for."""

    happened: list[str]
    made: int

    def __init__(self, *, on_card):
        Asked.made += 1
        self._name, self.ms = f"clock {Asked.made}", 0.5

    def __enter__(self):
        self.happened.append(f"{self._name} begins")

    def __exit__(self, *_):
        self.happened.append(f"{self._name} ends")

    def wait(self):
        self.happened.append(f"{self._name} is waited for")


class Listed(Warm):
    def flush(self, times=1):
        Asked.happened.append("emptied")

    def cover(self):
        Asked.happened.append("covered")


def test_the_words_come_first_of_what_is_timed_and_are_there_before_the_release(monkeypatch):
    Asked.happened, Asked.made = [], 0
    monkeypatch.setattr(cold, "CardTime", Asked)
    cover = Cover(Listed(), lambda: Asked.happened.append("given"), on_card=True)
    cover.begin()
    words, whole = "clock 1", "clock 2"
    assert Asked.happened == [
        "emptied",
        *(f"{whole} begins", f"{words} begins", "given", f"{words} ends", "covered", f"{whole} ends"),
        f"{words} is waited for",
    ]
    cover.wait()
    assert Asked.happened[-1] == f"{whole} is waited for"
    assert cover.ms == 0.5


def test_a_cover_lasts_as_long_as_said_by_the_data_sheet(monkeypatch):
    gpu, flushed = gpu_named("rtx4090"), []
    monkeypatch.setattr(cold.torch, "empty", lambda size, **_: size)
    made = Cold(gpu)
    monkeypatch.setattr(made, "flush", flushed.append)
    made.cover()
    one_ms = made._scrap / (gpu.dram_gb_per_s * 1e9) * 1e3
    assert cold.COVER_MS <= flushed[0] * one_ms < cold.COVER_MS + one_ms
    assert made._scrap >= 2 * gpu.l2_mb * 2**20 - 1
