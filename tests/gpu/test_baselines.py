"""What stands beside a candidate's time on a card: the reference under torch.compile, and the physical floor."""

import pytest

from sandbox.evaluation import BaselineName, Candidate, Source, Verdict
from sandbox.gpu import gpu_of_device
from sandbox.nvml import device_name
from sandbox.peak import bandwidth_gb_per_s
from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan
from tasks.task import Task, Tolerance

pytestmark = pytest.mark.gpu

CHAIN = Task(
    "tests/chain",
    """
import torch
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = torch.nn.LayerNorm(4096)
    def forward(self, x): return torch.sigmoid(self.norm(x * 2 + 1)) * 3 - 1
def get_inputs(): return [torch.rand(8192, 4096)]
def get_init_inputs(): return []
""",
)
PRODUCT = Task(
    "tests/product",
    """
import torch
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(1024, 1024)
    def forward(self, x): return torch.relu(self.linear(x))
def get_inputs(): return [torch.rand(2048, 1024)]
def get_init_inputs(): return []
""",
    tolerance=Tolerance(tf32=True),
)
COPY = Task(
    "tests/copy",
    "import torch\nclass Model(torch.nn.Module):\n    def forward(self, x): return x.clone()\n"
    "def get_inputs(): return [torch.rand(1 << 28)]\ndef get_init_inputs(): return []\n",
)
GRAPH_BREAK = Task("tests/broken", CHAIN.source.replace("return torch.sigmoid", "print(end=''); return torch.sigmoid"))


@pytest.fixture(scope="module")
def bench():
    opened = open_bench(None, MeasurePlan(baselines=tuple(BaselineName)), place="cuda")
    yield opened
    opened.close()


def itself(task):
    return Candidate(task.source.replace("class Model", "class ModelNew"))


@pytest.mark.parametrize("task", [CHAIN, PRODUCT, GRAPH_BREAK], ids=lambda each: each.id)
def test_all_baselines_are_timed_once_a_task(bench, task):
    found = bench.evaluate(task, itself(task))
    assert found.verdict is Verdict.CORRECT, found.message
    assert [each.name for each in found.baselines] == [BaselineName.COMPILE, BaselineName.MAX_AUTOTUNE], found.notes
    assert all(each.timing.source is Source.MEASURED for each in found.baselines)
    assert bench.evaluate(task, itself(task)).baselines == found.baselines


def test_the_compiler_beats_eager_on_a_chain(bench):
    found = bench.evaluate(CHAIN, itself(CHAIN))
    assert found.speedup_over(found.baselines[0]) < 0.8 * found.speedup


def test_a_copy_comes_near_the_floor_and_not_below_it(bench):
    found = bench.evaluate(COPY, itself(COPY))
    assert found.verdict is Verdict.CORRECT, found.message
    assert 0.75 < found.share_of_floor < 1.05


def test_the_measured_bandwidth_is_near_the_data_sheets():
    gpu = gpu_of_device(device_name())
    assert 0.7 * gpu.dram_gb_per_s < bandwidth_gb_per_s(gpu) < 1.1 * gpu.dram_gb_per_s
