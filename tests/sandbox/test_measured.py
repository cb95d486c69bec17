"""The measuring trial's steps, on the host: all but the card itself is the same there."""

import pytest
import torch

from sandbox import clock
from sandbox.clock import Sitting, floor_ms, null_source, without_overhead
from sandbox.devices import choose
from sandbox.evaluation import Candidate, Source, Timing, Verdict
from sandbox.health import NoCard
from sandbox.measured import Measurer
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.spares import Nursery
from sandbox.wire import MeasurePlan
from tasks.task import Task

REFERENCE = """
import torch
class Model(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = torch.nn.Linear(width, width)
    def forward(self, x, index):
        y = torch.relu(self.linear(x))
        return y, y.argmax(-1), index + 1
def get_inputs(): return [torch.rand(16, 64), torch.randint(0, 9, (7,))]
def get_init_inputs(): return [64]
"""
PLAN = MeasurePlan(min_samples=4, max_samples=8, max_noise=9.0, build_timeout_s=60, run_timeout_s=30)


@pytest.fixture(scope="module")
def measurer():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_flusher", lambda gpu: lambda: None)
        reference = Reference(Task("tests/three", REFERENCE), REFERENCE, "cpu")
        nursery = Nursery(choose("rtx4090", "emulated"), 1, NoCard().settled)
        yield Measurer(reference, PLAN, nursery)
        nursery.close()


def test_the_reference_is_timed_beside_a_candidate_that_is_right(measurer):
    found = measurer.evaluate(Candidate(REFERENCE.replace("Model", "ModelNew")))
    assert found.verdict is Verdict.CORRECT
    assert found.timing.source is Source.MEASURED
    assert 4 <= len(found.timing.samples_ms) <= 8
    assert found.eager is measurer.eager
    assert found.timing.overhead_ms > 0


def test_a_run_that_is_wrong_only_while_it_is_timed_is_found(measurer):
    source = REFERENCE.replace("Model", "ModelNew").replace(
        "        y = torch.relu",
        "        self.calls = getattr(self, 'calls', 0) + 1\n"
        "        if self.calls > 7: x = x * 1.001\n        y = torch.relu",
    )
    with pytest.raises(Ruling, match="a timed run") as ruled:
        measurer.evaluate(Candidate(source))
    assert ruled.value.verdict is Verdict.WRONG


def test_integer_outputs_are_checked_too(measurer):
    with pytest.raises(Ruling, match="output 2: 1 of 7 elements") as ruled:
        measurer.evaluate(
            Candidate(
                REFERENCE.replace("Model", "ModelNew").replace(
                    "index + 1", "(index + 1).scatter_add(0, torch.tensor([3]), torch.tensor([1]))"
                )
            )
        )
    assert ruled.value.verdict is Verdict.WRONG


def test_the_null_candidate_has_the_references_outputs(measurer):
    namespace = {}
    exec(null_source(measurer.reference).replace("device='cuda'", "device='cpu'"), namespace)
    made = namespace["ModelNew"](64).forward()
    assert [(each.shape, each.dtype) for each in made] == [
        ((16, 64), torch.float32),
        ((16,), torch.int64),
        ((7,), torch.int64),
    ]


def test_the_overhead_is_subtracted_and_no_time_falls_below_what_can_be_told_apart():
    timing = Timing((1.0, 0.5, 0.11), Source.MEASURED, sm_clock_mhz=1980.0)
    found = without_overhead(timing, Sitting(overhead_ms=0.1, resolution_ms=0.05))
    assert found.samples_ms == (0.9, 0.4, 0.05)
    assert (found.overhead_ms, found.sm_clock_mhz) == (0.1, 1980.0)


def test_a_time_below_what_the_memory_allows_is_not_believed(measurer):
    with pytest.raises(Ruling) as ruled:
        measurer._check_floor(Timing((floor_ms(measurer.reference, measurer.place.gpu) / 2,), Source.MEASURED))
    assert ruled.value.verdict is Verdict.IMPLAUSIBLE


def test_the_floor_counts_inputs_and_weights_and_what_the_cache_cannot_hold(measurer):
    gpu = measurer.place.gpu
    inputs_and_weights = 16 * 64 * 4 + 7 * 8 + 64 * 64 * 4 + 64 * 4
    assert floor_ms(measurer.reference, gpu) == pytest.approx(inputs_and_weights / (gpu.dram_gb_per_s * 1e6))
