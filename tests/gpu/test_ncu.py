"""Nsight Compute on a card. Run it with ``make gpu-test``; where the driver or the machine forbids it, it says why."""

import pytest

from sandbox.counters import Counter
from sandbox.evaluation import Candidate
from sandbox.metrics import REST, CounterSource
from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan
from tasks.task import Task

pytestmark = pytest.mark.gpu

ROWS, COLUMNS = 8192, 4096
READ, WRITTEN = "dram__bytes_read.sum", "dram__bytes_write.sum"
TASK = Task(
    "tests/double",
    f"""
import torch


class Model(torch.nn.Module):
    def forward(self, x):
        return torch.relu(x * 2)


def get_inputs():
    return [torch.randn({ROWS}, {COLUMNS})]


def get_init_inputs():
    return []
""",
)
KERNEL = """
import torch, triton
import triton.language as tl


@triton.autotune([triton.Config({"BLOCK": size}, num_warps=warps) for size, warps in ((256, 2), (1024, 4), (4096, 8))],
                 key=["n"])
@triton.jit
def doubled(x, y, n, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(y + at, tl.load(x + at, mask=at < n) * 2, mask=at < n)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        y = torch.empty_like(x)
        for _ in range(LAUNCHES):
            doubled[lambda meta: (triton.cdiv(x.numel(), meta["BLOCK"]),)](x, y, x.numel())
        return LAST
"""


@pytest.fixture(scope="module")
def bench():
    opened = open_bench(None, MeasurePlan(), place="cuda")
    yield opened
    opened.close()


def counted(bench, launches=1, last="torch.relu(y)", more=()):
    source = KERNEL.replace("LAUNCHES", str(launches)).replace("LAST", last)
    found = bench.profile(TASK, Candidate(source), (*map(str, Counter), READ, WRITTEN, *more))
    if found.source is CounterSource.COMPILER:
        assert found.reason
        pytest.skip(found.reason)
    return found


def test_launches_of_the_tuner_are_not_counted(bench):
    own = counted(bench).kernels["doubled"]
    elements = ROWS * COLUMNS
    assert own[Counter.GRID] in (elements / 256, elements / 1024, elements / 4096)
    assert own[READ] < 1.5 * 4 * elements  # one launch reads each element once; a tuner's would be hundreds
    assert own[Counter.DURATION] > 0


def test_launches_of_one_kernel_are_joined_and_the_rest_stands_under_one_name(bench):
    found = counted(bench, launches=3)
    assert set(found.kernels) == {"doubled", REST}
    own, rest = found.kernels["doubled"], found.kernels[REST]
    assert 2 * 4 * ROWS * COLUMNS < own[READ] < 4 * 4 * ROWS * COLUMNS
    assert 0 < own[Counter.DRAM_BUSY] <= 100
    assert rest[Counter.DURATION] > 0
    assert found.slowest == own


def test_a_candidate_that_calls_nothing_else_has_no_rest(bench):
    assert set(counted(bench, last="y").kernels) == {"doubled"}


def test_what_this_chip_does_not_know_is_missing_and_costs_no_other(bench):
    found = counted(bench, more=("no__such.counter", "sm__nor_this_one.sum"))
    assert {"no__such.counter", "sm__nor_this_one.sum"} <= set(found.missing)
    assert found.kernels["doubled"][Counter.REGISTERS] > 0


def test_the_table_of_counters_is_known_here(bench):
    assert set(counted(bench).missing) <= {Counter.STORED_SHARE}
