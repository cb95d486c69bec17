"""Whole trials on a card, through the front door. Run them with ``make gpu-test``."""

import time

import pytest
import torch

from sandbox import copy_engine
from sandbox.card_time import CardTime
from sandbox.cold import COVER_MS, Cold
from sandbox.devices import choose
from sandbox.evaluation import Candidate, Source, Verdict
from sandbox.event_time import event_ms
from sandbox.labels import Label, LabelKind
from sandbox.ladder import Tier
from sandbox.metrics import CounterSource
from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan
from tasks.task import Task, Tolerance

pytestmark = pytest.mark.gpu

ROWS, COLUMNS = 8192, 4096
REFERENCE = f"""
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return torch.softmax(x * self.scale, dim=-1)


def get_inputs():
    return [torch.rand({ROWS}, {COLUMNS})]


def get_init_inputs():
    return [{COLUMNS}]
"""
SOFTMAX = Task("tests/softmax", REFERENCE)
KERNEL = """
import torch, triton
import triton.language as tl
from torch import nn


@triton.jit
def softmax_kernel(x, scale, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=-float("inf"))
    value = value * tl.load(scale + at, mask=at < columns, other=1.0)
    value = tl.exp(value - tl.max(value, 0))
    tl.store(y + row * columns + at, value / tl.sum(value, 0), mask=at < columns)


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        y = torch.empty_like(x)
        block = triton.next_power_of_2(x.shape[1])
        softmax_kernel[(x.shape[0],)](x, self.scale, y, x.shape[1], BLOCK=block, num_warps=8)
        return y
"""
SLOW = """
@triton.jit
def softmax_kernel(x, scale, y, columns, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    most, total = -float("inf"), 0.0
    for at in range(columns):
        most = tl.maximum(most, tl.load(x + row * columns + at) * tl.load(scale + at))
    for at in range(columns):
        total += tl.exp(tl.load(x + row * columns + at) * tl.load(scale + at) - most)
    for at in range(columns):
        value = tl.exp(tl.load(x + row * columns + at) * tl.load(scale + at) - most)
        tl.store(y + row * columns + at, value / total)
"""


MATMUL = """
import torch
class Model(torch.nn.Module):
    def forward(self, a, b): return a @ b
def get_inputs(): return [torch.rand({0}, {1}), torch.rand({1}, {0})]
def get_init_inputs(): return []
"""


@pytest.fixture(scope="module")
def bench():
    opened = open_bench(None, MeasurePlan(run_timeout_s=20), place="cuda")
    yield opened
    opened.close()


def with_body(body):
    """The kernel's module, with another ``forward``."""
    head, _, _ = KERNEL.partition("        y = torch.empty_like(x)")
    return Candidate(head + body)


def test_a_kernel_is_correct_and_measured(bench):
    found = bench.evaluate(SOFTMAX, Candidate(KERNEL))
    assert found.verdict is Verdict.CORRECT, found.message
    assert found.timing.source is Source.MEASURED
    assert len(found.timing.samples_ms) >= 30
    assert found.timing.overhead_ms > 0
    assert found.speedup == found.eager.median_ms / found.timing.median_ms
    assert found.environment.place == "cuda"


def test_the_reference_is_as_fast_as_itself(bench):
    found = bench.evaluate(SOFTMAX, Candidate(REFERENCE.replace("class Model", "class ModelNew")))
    assert found.verdict is Verdict.CORRECT, found.message
    assert found.speedup == pytest.approx(1, abs=0.05)


def test_a_slow_kernel_is_slow(bench):
    start, end = KERNEL.index("@triton.jit"), KERNEL.index("class ModelNew")
    found = bench.evaluate(SOFTMAX, Candidate(KERNEL[:start] + SLOW.strip() + "\n\n\n" + KERNEL[end:]))
    assert found.verdict is Verdict.CORRECT, found.message
    assert found.speedup < 0.5


def test_a_wrong_kernel_is_wrong(bench):
    found = bench.evaluate(SOFTMAX, Candidate(KERNEL.replace("tl.sum(value, 0)", "(tl.sum(value, 0) + 1)")))
    assert found.verdict is Verdict.WRONG
    assert found.timing is None


def test_an_illegal_access_harms_only_its_own(bench):
    found = bench.evaluate(SOFTMAX, Candidate(KERNEL.replace("tl.store(y + row", "tl.store(y + (1 << 40) + row")))
    assert found.verdict is Verdict.CRASHED
    assert "illegal memory access" in found.message
    assert bench.evaluate(SOFTMAX, Candidate(KERNEL)).verdict is Verdict.CORRECT


def test_a_hanging_kernel_is_timed_out_and_the_card_goes_on(bench):
    hang = KERNEL.replace(
        "    value = tl.exp(", "    while tl.load(scale) > -1e30:\n        tl.atomic_add(y, 1.0)\n    value = tl.exp("
    )
    found = once(MeasurePlan(build_timeout_s=20, run_timeout_s=5), hang)
    assert found.verdict is Verdict.TIMED_OUT, found.message
    assert bench.evaluate(SOFTMAX, Candidate(KERNEL)).verdict is Verdict.CORRECT


def once(plan, source, task=SOFTMAX):
    """With a judge of its own."""
    opened = open_bench(None, plan, place="cuda")
    try:
        return opened.evaluate(task, Candidate(source))
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("body", "verdict", "message"),
    [
        ("        return torch.softmax(x * self.scale, -1).cpu()\n", Verdict.WRONG, "on the host"),
        ("        return torch.softmax(x * self.scale, -1).half()\n", Verdict.WRONG, "float16"),
        ("        return torch.empty(1 << 45, device='cuda')\n", Verdict.OUT_OF_MEMORY, "out of memory"),
        ("        return torch.softmax(x.mul_(self.scale), -1)\n", Verdict.CHEATED, "changed its inputs"),
    ],
)
def test_a_fault_gets_its_verdict(bench, body, verdict, message):
    # The second weight set shows the multiplication in place: the first one's weights are all 1.
    found = bench.evaluate(SOFTMAX, with_body(body))
    assert found.verdict is verdict, found.message
    assert message in found.message


def test_done_before_done_finds_the_output_unwritten(bench):
    early = """        import sys, time
        frame = sys._getframe()
        while '_arena' not in vars(frame.f_locals.get('self', self)):
            frame = frame.f_back
        words = frame.f_locals['self']._arena.words
        words[3] = 1
        words[2] = words[0]
        time.sleep(0.2)
        return torch.softmax(x * self.scale, -1)
"""
    found = bench.evaluate(SOFTMAX, with_body(early))
    assert found.verdict is Verdict.WRONG
    assert "never written" in found.message


def test_an_honest_graph_is_correct(bench):
    graph = """        if not hasattr(self, "graph"):
            torch.softmax(x * self.scale, -1)
            torch.cuda.synchronize()
            self.x, self.graph = x.clone(), torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.y = torch.softmax(self.x * self.scale, -1)
        self.x.copy_(x)
        self.graph.replay()
        return self.y
"""
    found = bench.evaluate(SOFTMAX, with_body(graph))
    assert found.verdict is Verdict.CORRECT, found.message


def test_a_graph_that_reads_the_address_of_its_first_call_is_wrong_for_other_tensors(bench):
    bound = """        if not hasattr(self, "graph"):
            torch.softmax(x * self.scale, -1)
            torch.cuda.synchronize()
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.y = torch.softmax(x * self.scale, -1)
        self.graph.replay()
        return self.y
"""
    found = bench.evaluate(SOFTMAX, with_body(bound))
    assert found.verdict is Verdict.WRONG
    assert "a timed run" in found.message


def test_too_much_shared_memory_is_refused_with_the_limit(bench):
    greedy = """
import torch, triton
import triton.language as tl


@triton.jit
def whole(a, b, c, SIDE: tl.constexpr):
    at = tl.arange(0, SIDE)[:, None] * SIDE + tl.arange(0, SIDE)[None, :]
    tl.store(c + at, tl.dot(tl.load(a + at), tl.load(b + at)))


class ModelNew(torch.nn.Module):
    def forward(self, a, b):
        c = torch.empty_like(a)
        whole[(1,)](a, b, c, SIDE=256)
        return c
"""
    found = bench.evaluate(
        Task("tests/square", MATMUL.format(256, 256), tolerance=Tolerance(tf32=True)), Candidate(greedy)
    )
    assert found.verdict is Verdict.REJECTED, found.message
    assert "shared memory" in found.message


@pytest.mark.parametrize("tf32", [False, True])
def test_tf32_is_right_only_where_the_task_allows_it(bench, tf32):
    reference = MATMUL.format(1024, 2048)
    lower = reference.replace("class Model", "class ModelNew").replace(
        "return a @ b", "torch.backends.cuda.matmul.allow_tf32 = True; return a @ b"
    )
    task = Task("tests/matmul", reference, tolerance=Tolerance(tf32=tf32))
    found = bench.evaluate(task, Candidate(lower))
    assert found.verdict is (Verdict.CORRECT if tf32 else Verdict.WRONG), found.message


def test_counters_are_read(bench):
    asked = ("launch__registers_per_thread", "dram__throughput.avg.pct_of_peak_sustained_elapsed", "no__such.counter")
    found = bench.profile(SOFTMAX, Candidate(KERNEL), asked)
    assert "softmax_kernel" in found.kernels
    assert found.slowest["launch__registers_per_thread"] > 0
    if found.source is CounterSource.COMPILER:
        assert found.reason
        pytest.skip(found.reason)
    assert 10 < found.slowest["dram__throughput.avg.pct_of_peak_sustained_elapsed"] <= 100
    assert found.missing == ("no__such.counter",)


def test_a_softmax_without_its_maximum_is_wrong_on_the_ladder(bench):
    naive = KERNEL.replace("tl.exp(value - tl.max(value, 0))", "tl.exp(value)")
    found = bench.evaluate(SOFTMAX, Candidate(naive))
    assert found.verdict is Verdict.WRONG, found.message
    assert found.message.startswith("wrong at scale 100"), found.message


def test_precision_range_and_repetition_are_told(bench):
    found = bench.evaluate(SOFTMAX, Candidate(KERNEL))
    assert found.verdict is Verdict.CORRECT, found.message
    assert any(each.startswith("precision fp32, right from scale") for each in found.notes), found.notes
    assert found.labels == (Label(LabelKind.DETERMINISTIC),)


def test_a_kernel_for_one_shape_is_correct_with_a_label():
    special = KERNEL.replace("        y = torch", f"        assert len(x) == {ROWS}\n        y = torch")
    sized = f"ROWS = {ROWS}\n" + REFERENCE.replace(f"torch.rand({ROWS}, ", "torch.rand(ROWS, ")
    task = Task("tests/sized_softmax", sized, small_sizes={"ROWS": 64})
    found = once(MeasurePlan(run_timeout_s=20, labels=True), special, task)
    assert found.verdict is Verdict.CORRECT, found.message
    (words,) = (each.words for each in found.labels if each.kind is LabelKind.SHAPE_SPECIALISED)
    assert words


def test_a_candidate_is_looked_at_as_closely_as_asked():
    found = once(MeasurePlan(run_timeout_s=20, tier=Tier.BEST), KERNEL)
    assert found.verdict is Verdict.CORRECT, found.message


def test_operands_in_half_precision_are_graded_by_their_range(bench):
    reference = MATMUL.format(1024, 2048)
    halved = reference.replace("class Model", "class ModelNew").replace("a @ b", "(a.half() @ b.half()).float()")
    task = Task("tests/matmul_half", reference.replace("rand(", "randn("), tolerance=Tolerance(tf32=True))
    wide = halved.replace("(a.half() @ b.half()).float()", "a.half().float() @ b.half().float()")
    found = bench.evaluate(task, Candidate(wide))
    assert found.verdict is Verdict.CORRECT, found.message
    assert any(each.startswith("precision fp16") for each in found.notes), found.notes
    assert bench.evaluate(task, Candidate(halved)).verdict is Verdict.WRONG


def test_the_cards_own_time_is_that_of_its_work_and_not_of_the_hosts():
    torch.zeros(1, device="cuda")
    with CardTime(on_card=True) as slept:
        torch.cuda._sleep(10**8)
    torch.cuda._sleep(10**8)
    with CardTime(on_card=True) as idle:
        time.sleep(0.01)
    assert idle.ms < 1 < slept.ms


def test_a_host_that_is_slow_to_launch_is_not_in_the_cards_time():
    words = torch.zeros(1024, device="cuda")

    def slowly():
        for _ in range(20):
            words.zero_()
            time.sleep(1e-4)

    assert event_ms(slowly, Cold(choose(None, "cuda").gpu)) < 0.5  # the host takes 2 ms at least


@pytest.mark.parametrize(("apart", "first"), [(1, 0), (3, 2), (32768, 77)])
def test_words_that_lie_apart_are_fetched_by_the_copy_engine(apart, first):
    words = torch.arange(512 * apart, device="cuda")[first::apart]
    into = torch.zeros(512, 1, dtype=torch.int64, pin_memory=True)
    torch.cuda.synchronize()
    copy_engine.fetch(words[:, None], into)
    assert into.flatten().tolist() == list(range(first, 512 * apart, apart))


def test_rows_with_gaps_are_fetched_by_the_copy_engine():
    words = torch.arange(32 * 1000, device="cuda").view(32, 1000)[:, 100:612]
    into = torch.zeros(32, 512, dtype=torch.int64, pin_memory=True)
    torch.cuda.synchronize()
    copy_engine.fetch(words, into)
    assert torch.equal(into, words.cpu())


def test_rows_further_apart_than_one_copy_can_reach_are_fetched_one_by_one():
    words = torch.zeros((1 << 29) + 2, dtype=torch.int64, device="cuda")  # 4 GiB
    words[:: 1 << 29] = torch.tensor([5, 6], device="cuda")
    into = torch.zeros(2, 1, dtype=torch.int64, pin_memory=True)
    torch.cuda.synchronize()
    copy_engine.fetch(words[:: 1 << 29, None], into)
    assert into.flatten().tolist() == [5, 6]


def test_the_card_is_kept_for_as_long_as_a_first_launch_may_take():
    cold = Cold(choose(None, "cuda").gpu)
    cold.flush()
    with CardTime(on_card=True) as covered:
        cold.keep_busy(COVER_MS)
    assert COVER_MS / 2 < covered.ms < 2 * COVER_MS
