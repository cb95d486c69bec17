"""How often the cache is emptied; that it is, and for how long, is in tests/gpu."""

import pytest

from sandbox import cold
from sandbox.cold import Cold
from sandbox.gpu import gpu_named


@pytest.mark.parametrize(
    ("gpu", "ms", "times"), [("h200", 0.3, 9), ("h200", 0.1, 3), ("h200", 1e-6, 1), ("rtx4090", 0.3, 2)]
)
def test_the_card_is_kept_by_its_data_sheet(monkeypatch, gpu, ms, times):
    monkeypatch.setattr(cold.torch, "empty", lambda size, **_: size)
    made, flushed = Cold(gpu_named(gpu)), []
    assert made._scrap == pytest.approx(2 * gpu_named(gpu).l2_mb * 2**20, abs=1)
    monkeypatch.setattr(made, "flush", lambda: flushed.append(1))
    made.keep_busy(ms)
    assert len(flushed) == times
