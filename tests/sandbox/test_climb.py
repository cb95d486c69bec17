"""Candidates that are right on the inputs that everybody tries and wrong on others, and odd ones that are right."""

from dataclasses import replace

import pytest
from climbing import PLAN, climb, reference_of, text

from sandbox.bank import Bank
from sandbox.evaluation import Verdict
from sandbox.grade import Grade
from sandbox.ladder import Tier

ROWS = "torch.rand(24, 320)"
SOFTMAX = ("torch.softmax(x, -1)", ROWS)
SCALED = ("x * self.w", ROWS, "self.w = nn.Parameter(torch.ones(320))")
PRODUCT = ("a @ b", "torch.randn(48, 200), torch.randn(200, 40)")
KEPT = "self.__dict__.setdefault('kept', {})"
WRONG = {
    "exp without its maximum": (
        SOFTMAX,
        "x.exp() / x.exp().sum(-1, keepdim=True)",
        "wrong at scale 1000, weight set 2",
    ),
    "a clamp": (("x * 2", ROWS), "(x * 2).clamp(-30, 30)", "wrong at scale 1000"),
    "a logarithm that overflows": (("F.softplus(x)", ROWS), "x.exp().log1p()", "wrong at scale 1000"),
    "an epsilon of its own": (("F.normalize(x, dim=-1)", ROWS), "x / (x.norm(dim=-1, keepdim=True) + 1e-7)", "1e-6"),
    "one scale for all rows": (
        ("x * 1", ROWS),
        "(x / x.abs().max() * 2**26).round() / 2**26 * x.abs().max()",
        "with rows of different scale",
    ),
    "no sign": (("x * 3", ROWS), "x.abs() * 3", "wrong on normal inputs: "),
    "a series for small numbers": (
        ("torch.exp(x)", "torch.rand(24, 320) / 64"),
        "1 + x + x**2/2 + x**3/6",
        "on normal",
    ),
    "a dropped tail": (("x.sum(-1)", ROWS), "x[:, :-1].sum(-1)", "wrong on the task's own inputs"),
    "sums in half precision": (
        PRODUCT,
        "sum((a[:, i:i+8].half() @ b[i:i+8].half() for i in range(0, 200, 8)), torch.zeros(()).half()).float()",
        "max error|over all elements",
    ),
    "bfloat16 operands": (PRODUCT, "a.bfloat16().float() @ b.bfloat16().float()", "max error|over all elements"),
    "a kept answer, by pointer": (
        SOFTMAX,
        f"[{KEPT}.setdefault(x.data_ptr(), torch.softmax(x, -1))][0]",
        "normal",
    ),
    "a kept answer, by a sample": (
        SOFTMAX,
        f"{KEPT}.setdefault(tuple(x[::8, 7].tolist()), torch.softmax(x, -1))",
        "wrong after a few elements changed",
    ),
    "blind to weights": (SCALED, "x * 1", "wrong on the task's own inputs, weight set 2 of 3"),
    "the second weights again": (
        SCALED,
        f"x * {KEPT}.setdefault(bool((self.w == 1).all()), self.w.clone())",
        "weight set 3 of 3",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_candidate_that_is_right_on_easy_inputs_only_is_wrong(what):
    task, body, message = WRONG[what]
    weights = task[2] if len(task) > 2 else ""
    found = climb(reference_of(text(*task), tf32=task is PRODUCT), text(body, task[1], weights, name="ModelNew"))
    assert getattr(found, "verdict", None) is Verdict.WRONG, found
    assert any(each in found.message for each in message.split("|")), found.message


ONLINE = """
def online(x):
    most, total = torch.full_like(x[:, :1], -float("inf")), torch.zeros_like(x[:, :1])
    for start in range(0, x.shape[1], 64):
        block = x[:, start:start + 64]
        higher = torch.maximum(most, block.amax(-1, keepdim=True))
        total = total * (most - higher).exp() + (block - higher).exp().sum(-1, keepdim=True)
        most = higher
    return (x - most).exp() / total
"""
TRITON = """
import triton, triton.language as tl

@triton.jit
def product(a, b, c, M, N, K, BLOCK: tl.constexpr):
    m = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    n, k = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK), tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK, BLOCK), dtype=tl.float32)
    for start in range(0, K, BLOCK):
        inner = start + k < K
        left = tl.load(a + m[:, None] * K + (start + k)[None, :], mask=(m < M)[:, None] & inner[None, :], other=0.0)
        right = tl.load(b + (start + k)[:, None] * N + n[None, :], mask=inner[:, None] & (n < N)[None, :], other=0.0)
        total += tl.dot(left, right)
    tl.store(c + m[:, None] * N + n[None, :], total, mask=(m < M)[:, None] & (n < N)[None, :])

def multiply(a, b):
    c = torch.empty(a.shape[0], b.shape[1], device=a.device)
    product[(triton.cdiv(c.shape[0], 32), triton.cdiv(c.shape[1], 32))](a, b, c, *c.shape, a.shape[1], BLOCK=32)
    return c
"""
WINOGRAD = """
BT = torch.tensor([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1.0]])
G = torch.tensor([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1.0]])
AT = torch.tensor([[1, 1, 1, 0], [0, 1, -1, -1.0]])

def cut(x):
    return ((x.contiguous().view(torch.int32) + 4096) & -8192).view(torch.float32)

def winograd(x, weight):
    u = cut(torch.einsum("ij,ocjk,lk->ilco", G, weight, G))
    v = cut(torch.einsum("ij,nchwjk,lk->ilnhwc", BT, x.unfold(2, 4, 2).unfold(3, 4, 2), BT))
    y = torch.einsum("ai,nohwil,bl->nohawb", AT, torch.einsum("ilnhwc,ilco->nohwil", v, u), AT)
    return y.reshape(*y.shape[:2], y.shape[2] * 2, -1)
"""
CONVOLUTION = ("self.conv(x)", "torch.randn(2, 16, 8, 16)", "self.conv = nn.Conv2d(16, 16, 3, bias=False)")
HONEST = {
    "Winograd's convolution": (CONVOLUTION, "winograd(x, self.conv.weight)", WINOGRAD, Grade.TF32),
    "online softmax": (SOFTMAX, "online(x)", ONLINE, Grade.FP32),
    "softmax by powers of two": (
        SOFTMAX,
        "F.normalize((x * 1.4426950408889634 - (x * 1.4426950408889634).amax(-1, keepdim=True)).exp2(), p=1, dim=-1)",
        "",
        Grade.FP32,
    ),
    "a split reduction": (
        PRODUCT,
        "a[:, 150:] @ b[150:] + (a[:, :60] @ b[:60] + a[:, 60:150] @ b[60:150])",
        "",
        Grade.FP32,
    ),
    "operands cut to TF32": (PRODUCT, "multiply(a, b)", TRITON, Grade.TF32),
    "operands in fp16": (PRODUCT, "a.half().float() @ b.half().float()", "", Grade.FP16),
    "algebra": (("(x * self.w) * 2", ROWS, SCALED[2]), "x * (self.w * 2)", "", Grade.FP32),
    "whole numbers beside others": (
        ("(x.argmax(-1), x.cumsum(-1))", ROWS),
        "(x.max(-1)[1], x.cumsum(-1))",
        "",
        Grade.FP32,
    ),
}


@pytest.mark.parametrize("what", HONEST)
def test_an_honest_candidate_is_right_on_every_rung(what):
    task, body, before, expected = HONEST[what]
    weights = task[2] if len(task) > 2 else ""
    found = climb(
        reference_of(text(*task), tf32=task in (PRODUCT, CONVOLUTION)),
        text(body, task[1], weights, name="ModelNew", before=before),
    )
    assert hasattr(found, "grade"), found
    assert found.grade is expected, found.notes
    assert found.worst.max_error <= found.worst.max_allowed


def test_the_range_of_fp16_operands_is_a_label_and_no_verdict():
    found = climb(
        reference_of(text(*PRODUCT), tf32=True), text(HONEST["operands in fp16"][1], PRODUCT[1], name="ModelNew")
    )
    assert found.range.high == 1000
    assert "out of range at scale 1e6" in found.notes
    assert any(each.startswith("precision fp16, right from scale 1 to 1000") for each in found.notes), found.notes


def test_a_first_look_is_short_and_says_nothing_of_further_weights():
    reference = reference_of(text(*SCALED))
    blind = text("x * 1", ROWS, SCALED[2], name="ModelNew")
    assert hasattr(climb(reference, blind, replace(PLAN, tier=Tier.LOOK)), "grade")


def test_a_bank_serves_several_candidates_with_the_same_sets_and_then_draws_anew():
    reference = reference_of(text(*SCALED))
    bank, right = Bank(reference), text("self.w * x", ROWS, SCALED[2], name="ModelNew")
    for _ in range(2):
        bank.next_candidate()
        assert hasattr(climb(reference, right, bank=bank), "grade")
