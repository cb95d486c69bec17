"""Tasks that ask for nothing, or for what cannot be checked, and what is said of each; our own are clean."""

import re

import pytest
import torch

from sandbox import lint, linting
from sandbox.devices import Place, PlaceKind
from sandbox.evaluation import SandboxError
from sandbox.gpu import gpu_named
from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan
from tasks.catalog import find
from tasks.flaw import Flaw
from tasks.task import Task, Tolerance

PLACE = Place(PlaceKind.EMULATED, gpu_named("rtx4090"))
INPUTS = "torch.randn(40, 48)"


def task(forward, inputs=INPUTS, init="pass", rows=40, **more):
    source = f"""
import random
import torch
import torch.nn.functional as F

rows = {rows}


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        {init}

    def forward(self, x, *others):
        {forward}


def get_inputs():
    return [{inputs}]


def get_init_inputs():
    return []
"""
    return Task("tests/flawed", source, small_sizes=more.pop("small_sizes", {}), **more)


def found(given):
    return [(each.flaw, each.words) for each in linting.examine(given, PLACE)]


LINEAR = "self.linear = torch.nn.Linear(48, 32)"
BAD = {
    "zero": (task("return F.relu(-x.abs())"), Flaw.ZERO, "every element is 0 in 3 draws"),
    "one, by a softmax over one": (task("return F.softmax(x.sum(1, keepdim=True), 1)"), Flaw.CONSTANT, "element is 1 "),
    "true, whatever comes": (task("return x.abs() >= 0"), Flaw.CONSTANT, "every element is 1 "),
    "clamped to its bound": (task("return torch.clamp(x - 50, min=-2.0)"), Flaw.CONSTANT, "every element is -2 "),
    "without elements": (task("return x[:0]"), Flaw.CONSTANT, "no element"),
    "the second of two outputs": (task("return x * 2, x - x"), Flaw.ZERO, "^output 1: every element"),
    "identity": (task("return F.dropout(x, training=False) + 0"), Flaw.IDENTITY, "input 0, element by element"),
    "identity in another shape": (task("return x.reshape(48, 40)"), Flaw.IDENTITY, "input 0"),
    "nan": (task("return x * float('nan')"), Flaw.NOT_FINITE, "no finite number"),
    "infinite": (task("return x.abs() / 0"), Flaw.NOT_FINITE, "no finite number"),
    "blind to its only input": (
        task("return self.weight + 0 * x", init="self.weight = torch.nn.Parameter(torch.randn(40, 48))"),
        Flaw.INPUT_BLIND,
        "never saw any input",
    ),
    "blind to one of two": (
        task("return torch.sin(x) + 1e-30 * others[0]", f"{INPUTS}, {INPUTS}"),
        Flaw.INPUT_BLIND,
        "never saw input 1 ",
    ),
    "blind by a margin": (
        task("return x.mean() * 1e-12 + others[0].sin()", f"{INPUTS}, {INPUTS}"),
        Flaw.INPUT_BLIND,
        "never saw input 0 ",
    ),
    "a bias before a norm": (
        task("return F.batch_norm(self.linear(x), None, None, training=True)", init=LINEAR),
        Flaw.WEIGHT_BLIND,
        r"other values of linear\.bias is",
    ),
    "a weight for nothing": (
        task("return x.sin()", init=LINEAR),
        Flaw.WEIGHT_BLIND,
        r"linear\.weight, linear\.bias is",
    ),
    "next to a constant": (task("return 100 + 1e-5 * x"), Flaw.NARROW, "no constant is nearly right"),
    "next to a constant, in half": (task("return 5 + 0.1 * x", "torch.randn(40, 48).half()"), Flaw.NARROW, "wanted"),
    "dropout": (task("return F.dropout(x, 0.5)"), Flaw.NON_DETERMINISTIC, "the answer hangs on random numbers"),
    "Python's own dice": (task("return x * (1 + random.random())"), Flaw.NON_DETERMINISTIC, "random numbers"),
    "a counter": (
        task("self.calls += 1; return x * self.calls", init="self.calls = 0"),
        Flaw.NON_DETERMINISTIC,
        "under one seed: atomics, or a state",
    ),
    "in place": (task("return x.add_(1).sin()"), Flaw.MUTATES, "forward changes input 0 in place"),
    "in place, the second": (
        task("others[0].zero_(); return x.sin()", f"{INPUTS}, {INPUTS}"),
        Flaw.MUTATES,
        "forward changes input 1 in place",
    ),
    "too large": (
        task("return x.sin()", "torch.randn(rows, 1 << 10)", rows=5 << 19, small_sizes={"rows": 1}),
        Flaw.TOO_LARGE,
        "inputs 10.7 GB, weights 0, outputs 10.7, the largest operator 21.5; 3 times that is 129 GB, and 4090 has 24",
    ),
    "raising": (task("return x @ x"), Flaw.RAISES, "^Model raises RuntimeError"),
    "no inputs": (task("return x", "1 / 0"), Flaw.RAISES, r"get_inputs\(\) raises ZeroDivisionError"),
    "no tensor": (task("return None"), Flaw.RAISES, "returns no tensor"),
    "other shapes": (task("return x.sin()", "torch.rand(random.randint(1, 10**6))"), Flaw.RAISES, "other shapes"),
    "no plain input": (task("return x", "object()"), Flaw.RAISES, "inputs cannot be handed on: neither tensor"),
    "no Python": (Task("tests/flawed", "class Model: ="), Flaw.RAISES, "line 1"),
    "no Model": (Task("tests/flawed", "x = 1"), Flaw.RAISES, "no Model"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_flaw_is_found(what):
    given, flaw, words = BAD[what]
    findings = found(given)
    assert any(each == flaw and re.search(words, said) for each, said in findings), findings
    assert all("\n" not in said for _, said in findings)


ALONE = (
    "zero",
    "one, by a softmax over one",
    "identity",
    "nan",
    "blind to one of two",
    "in place",
    "raising",
)


@pytest.mark.parametrize("what", ALONE)
def test_one_flaw_is_one_finding(what):
    assert len(found(BAD[what][0])) == 1


BFLOAT16 = f"{LINEAR}.bfloat16(); torch.nn.init.normal_(self.linear.bias, std=3)"
GOOD = {
    "a sum to one number": task("return x.square().sum()"),
    "an argmax": task("return x.argmax(1)"),
    "a comparison": task("return x > 0"),
    "a transpose": task("return x.t().contiguous()"),
    "half": task("return x * 2", "torch.randn(40, 48).half()"),
    "half, summed": task("return x @ x.t()", "torch.randn(64, 1024).half()"),
    "bfloat16 and a weight": task(
        "return self.linear(x)",
        f"{INPUTS}.bfloat16()",
        BFLOAT16,
    ),
    "tf32": task("return self.linear(x)", init=LINEAR, tolerance=Tolerance(tf32=True)),
    "small numbers": task("return F.softmax(3 * x, 1) * 1e-6"),
    "complex": task("return x * x", "torch.randn(40, 48, dtype=torch.complex64)"),
    "an infinity here and there": task("return torch.where(x > 1, float('inf'), x.sin())"),
    "inputs that never vary": task("return x.sin() + others[0]", f"{INPUTS}, torch.ones(48)"),
    "running statistics": task("return self.norm(x) * x", init="self.norm = torch.nn.BatchNorm1d(48)"),
    "draws its inputs from a generator": task("return x.sin()", "torch.rand(40, generator=torch.Generator())"),
    "a conjugate": task("return x.conj()", "torch.randn(40, 48, dtype=torch.complex64)"),
    "eight bits": task("return (x * 2).to(torch.float8_e4m3fn).float()"),
    "looks at values": task("return x.sin() if x.max() > 0 else x"),
}


@pytest.mark.parametrize("what", GOOD)
def test_an_honest_task_is_clean(what):
    assert found(GOOD[what]) == []


def test_a_size_is_weighed_in_full_and_the_rest_at_small_sizes():
    given = task("return F.relu(-x.abs())", "torch.randn(rows, 64)", rows=1 << 28, small_sizes={"rows": 2})
    findings = found(given)
    assert [flaw for flaw, _ in findings] == [Flaw.TOO_LARGE, Flaw.ZERO]


def test_eager_that_runs_out_of_the_cards_memory_is_too_large(monkeypatch):
    def out_of_memory(*_):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(linting, "Reference", out_of_memory)
    assert found(task("return x.sin()")) == [(Flaw.TOO_LARGE, "eager torch ran out of the memory of 4090")]


def test_a_spread_is_relative_and_joins_elements_and_draws():
    assert lint.spread([torch.tensor([-1.0, 1.0])]) == pytest.approx(1)
    assert lint.spread([torch.tensor(1.0), torch.tensor(3.0)]) == pytest.approx(1 / 5**0.5)
    assert lint.spread([torch.tensor([4.0, float("inf"), 4.0, float("nan")])]) == 0


@pytest.fixture(scope="module")
def bench():
    opened = open_bench("rtx4090", MeasurePlan(), place="emulated")
    yield opened
    opened.close()


def test_a_judge_examines_between_tasks_and_is_replaced_where_it_dies(bench):
    assert [each.flaw for each in bench.lint(BAD["zero"][0])] == [Flaw.ZERO]
    with pytest.raises(SandboxError, match="judge's process ended with status 9"):
        bench.lint(task("__import__('os')._exit(9)"))
    assert [each.flaw for each in bench.lint(BAD["identity"][0])] == [Flaw.IDENTITY]


def test_all_our_own_tasks_are_clean(bench):
    tasks = find("*")
    assert len(tasks) >= 18
    found = {each.id: [one for one in bench.lint(each) if one.flaw not in each.flaws] for each in tasks}
    assert {name: findings for name, findings in found.items() if findings} == {}
