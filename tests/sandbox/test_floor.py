"""The physical floor: what is forbidden takes the faster of two bandwidths, what is published the measured one."""

import pytest

from sandbox.evaluation import Source, Timing
from sandbox.floor import LEAST_OF_FLOOR, floor_of
from sandbox.gpu import gpu_named
from sandbox.reference import Reference
from tasks.task import Task

GPU = gpu_named("rtx4090")
SPEC = GPU.dram_gb_per_s
COPY = (
    "import torch\nclass Model(torch.nn.Module):\n    def forward(self, x): return x + 1\n"
    "def get_inputs(): return [torch.rand(1000, 1000)]\ndef get_init_inputs(): return []\n"
)
SLOW = Timing((9.0,), Source.MEASURED)


@pytest.fixture(scope="module")
def reference():
    return Reference(Task("tests/copy", COPY), COPY, "cpu")


def ms(gb_per_s):
    return 4e6 / (gb_per_s * 1e6)


@pytest.mark.parametrize(
    ("measured", "possible", "reached"),
    [(SPEC / 2, ms(SPEC), ms(SPEC / 2)), (SPEC * 2, ms(SPEC * 2), ms(SPEC * 2)), (None, ms(SPEC), None)],
)
def test_no_time_is_forbidden_that_either_bandwidth_allows(reference, measured, possible, reached):
    floor = floor_of(reference, GPU, measured, SLOW)
    assert floor.possible_ms == pytest.approx(possible)
    assert floor.reached_ms == (pytest.approx(reached) if reached else None)
    assert floor.forbids(Timing((possible * LEAST_OF_FLOOR * 0.99,), Source.MEASURED))
    assert not floor.forbids(Timing((possible * LEAST_OF_FLOOR * 1.01,), Source.MEASURED))


def test_where_eager_is_faster_there_is_no_floor(reference):
    floor = floor_of(reference, GPU, SPEC, Timing((ms(SPEC) / 2,), Source.MEASURED))
    assert floor.reached_ms is None
    assert not floor.forbids(Timing((1e-9,), Source.MEASURED))
