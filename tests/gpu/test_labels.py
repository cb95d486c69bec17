"""Labels on a card, each by experiment: what a correct candidate does, and what is said of it."""

import pytest

from sandbox.evaluation import Candidate, Verdict
from sandbox.labels import Label, LabelKind
from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan
from tasks.task import Task

pytestmark = pytest.mark.gpu

ROWS, COLUMNS = 8192, 4096
TASK = Task(
    "tests/scaled",
    f"""
import torch
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones({COLUMNS}))
    def forward(self, x): return x * self.weight
def get_inputs(): return [torch.rand({ROWS}, {COLUMNS})]
def get_init_inputs(): return []
""",
)
KERNELS = f"""
import torch, triton, triton.language as tl

@triton.autotune(configs=[triton.Config({{}}, num_warps=4), triton.Config({{}}, num_warps=8)], key=["n"])
@triton.jit
def scale_kernel(x, w, y, n, WIDTH: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, WIDTH)
    tl.store(y + row * n + at, tl.load(x + row * n + at) * tl.load(w + at))

@triton.jit
def touch_kernel(y, WIDTH: tl.constexpr):
    at = tl.program_id(0) * WIDTH + tl.arange(0, WIDTH)
    tl.store(y + at, tl.load(y + at))

class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones({COLUMNS}))
        INIT
    def scaled(self, x, w):
        y = torch.empty_like(x)
        scale_kernel[(x.shape[0],)](x, w, y, x.shape[1], WIDTH={COLUMNS})
        return y
    def graphed(self, x):
        if not hasattr(self, "graph"):
            self.scaled(x, self.weight)
            torch.cuda.synchronize()
            self.x, self.graph = x.clone(), torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.y = self.scaled(self.x, self.weight)
        self.x.copy_(x)
        self.graph.replay()
        return self.y
    def forward(self, x):
        return BODY
"""
PACKED = "self.register_load_state_dict_post_hook(lambda m, _: setattr(m, 'packed', m.weight.data.clone()))"


@pytest.fixture(scope="module")
def bench():
    opened = open_bench(None, MeasurePlan(labels=True), place="cuda")
    yield opened
    opened.close()


def labels(bench, body, init="pass"):
    found = bench.evaluate(TASK, Candidate(KERNELS.replace("BODY", body).replace("INIT", init)))
    assert found.verdict is Verdict.CORRECT, found.message
    assert not any("not found out" in each for each in found.notes), found.notes
    return tuple(each for each in found.labels if each.kind is not LabelKind.DETERMINISTIC)


def test_an_honest_kernel_has_no_label(bench):
    assert labels(bench, "self.scaled(x, self.weight)") == ()


def test_a_graphs_copy_of_its_inputs_is_a_library_call(bench):
    (share,) = labels(bench, "self.graphed(x)")
    assert share.kind is LabelKind.LIBRARY_SHARE
    assert 0.2 < share.share < 0.8


def test_a_candidate_of_torch_alone_is_a_library(bench):
    assert labels(bench, "x * self.weight") == (Label(LabelKind.LIBRARY),)


def test_half_of_the_time_in_torch_is_said(bench):
    (share,) = labels(bench, "self.scaled(x, self.weight).clone()")
    assert share.kind is LabelKind.LIBRARY_SHARE
    assert 0.3 < share.share < 0.7


def test_a_kernel_whose_answer_is_thrown_away_is_a_decoy(bench):
    share, decoy = labels(bench, "(self.scaled(x, self.weight), x * self.weight)[1]")
    assert share.kind is LabelKind.LIBRARY_SHARE
    assert decoy == Label(LabelKind.DECOY, words="scale_kernel")


def test_a_kernel_that_changes_nothing_beside_one_that_computes_is_the_decoy(bench):
    body = "(y := self.scaled(x, self.weight), touch_kernel[(1,)](y, WIDTH=64))[0]"
    assert Label(LabelKind.DECOY, words="touch_kernel") in labels(bench, body)
    assert Label(LabelKind.DECOY, words="scale_kernel") not in labels(bench, body)


def test_weights_that_are_packed_when_they_are_loaded_are_folded(bench):
    assert labels(bench, "self.scaled(x, self.packed)", PACKED) == (Label(LabelKind.WEIGHTS_FOLDED),)
