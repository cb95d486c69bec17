"""The box on a card: on every rung that this machine allows a kernel builds, is judged and is counted."""

from contextlib import contextmanager

import pytest
from rungs import rung_of_ladder

from sandbox import isolation
from sandbox.devices import choose
from sandbox.evaluation import Candidate, Environment, Verdict
from sandbox.health import NoCard
from sandbox.judging import Judge
from sandbox.metrics import CounterSource
from sandbox.profilers import ncu_command
from sandbox.wire import Job, MeasurePlan
from tasks.task import Task

pytestmark = pytest.mark.gpu

REFERENCE = """
import torch
class Model(torch.nn.Module):
    def forward(self, x): return torch.softmax(x, dim=-1)
def get_inputs(): return [torch.rand(4096, 2048)]
def get_init_inputs(): return []
"""
KERNEL = """
import torch, triton
import triton.language as tl


@triton.jit
def softmax_kernel(x, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=-float("inf"))
    value = tl.exp(value - tl.max(value, 0))
    tl.store(y + row * columns + at, value / tl.sum(value, 0), mask=at < columns)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        y = torch.empty_like(x)
        softmax_kernel[(x.shape[0],)](x, y, x.shape[1], BLOCK=triton.next_power_of_2(x.shape[1]), num_warps=8)
        return y
"""
SOFTMAX = Task("tests/boxed_softmax", REFERENCE)
ALL = [rung.name for rung in isolation.ladder()]


@contextmanager
def judge():
    place = choose(None, "cuda")
    made = Judge(place, Environment("cuda", place.gpu.name, ""), NoCard())
    yield made
    made.nursery.close()


def only(rung, monkeypatch):
    monkeypatch.setattr(isolation, "ladder", lambda **_: iter([rung]))
    isolation.strongest.cache_clear()


@pytest.fixture(autouse=True)
def found_again():
    yield
    isolation.strongest.cache_clear()


@pytest.mark.parametrize("name", ALL)
def test_a_kernel_is_correct_on_every_rung(name, monkeypatch):
    rung = rung_of_ladder(name)
    only(rung, monkeypatch)
    with judge() as made:
        assert made.nursery.isolation == rung
        found = made.evaluate(Job(SOFTMAX, Candidate(KERNEL), MeasurePlan()))
    assert found.verdict is Verdict.CORRECT, found.message
    assert found.timing.median_ms > 0
    assert found.environment.unprotected == rung.unprotected


@pytest.mark.skipif(ncu_command.program() is None, reason="no Nsight Compute here")
def test_counters_are_read_inside_the_strongest_box():
    asked = ("dram__bytes.sum",)
    with judge() as made:
        found = made.profile(Job(SOFTMAX, Candidate(KERNEL), MeasurePlan(), asked))
    assert found.source is CounterSource.NCU, found.reason
    assert "softmax_kernel" in found.kernels


def test_the_strongest_box_leaves_nothing_open_here():
    assert isolation.strongest().unprotected == ()
