"""References with odd inputs, outputs and habits: a right verdict, or one line that says why there is none."""

import re

import pytest
import torch

from sandbox import followed
from sandbox.admission import admitted
from sandbox.child.arena import Arena, sealed
from sandbox.child.layout import placed
from sandbox.devices import choose, versions
from sandbox.evaluation import Candidate, Environment, SandboxError, Source, Timing, Verdict
from sandbox.exchange import Snapshot, fresh_pattern
from sandbox.health import NoCard
from sandbox.judge import _answer
from sandbox.judging import Judge
from sandbox.modelled import Modelled
from sandbox.trial import open_bench
from sandbox.truth import answered
from sandbox.truth import judge as judge_tensor
from sandbox.wire import Job, MeasurePlan
from tasks.task import Task, TaskError, Tolerance

PLAN = MeasurePlan(build_timeout_s=100, run_timeout_s=30)


def reference(body, inputs, init="", before=""):
    """A reference's text."""
    indented = "\n        ".join(body.splitlines())
    return (
        f"import torch\n{before}\nclass Model(torch.nn.Module):\n"
        f"    def __init__(self):\n        super().__init__()\n        {init or 'pass'}\n"
        f"    def forward(self, *given):\n        {indented}\n"
        f"def get_inputs():\n    return {inputs}\ndef get_init_inputs():\n    return []\n"
    )


def task(source):
    return Task("tests/odd", source, small_sizes={})


@pytest.fixture(scope="module")
def plain():
    place = choose("rtx4090", "emulated")
    made = Judge(place, Environment(place.kind.value, place.gpu.id, versions()), NoCard())
    yield made
    made.nursery.close()


@pytest.fixture
def judge(plain, monkeypatch):
    unknown = Timing((1.0,), Source.MODELLED)  # how long it would take is not looked at here
    monkeypatch.setattr(followed, "model", lambda *_, **__: Modelled(unknown, unknown))
    return plain


RIGHT_AND_WRONG = {
    "nan and inf go in and come out": (
        "x, = given\nreturn torch.sqrt(x) / x",
        "[torch.cat([torch.randn(60), torch.tensor([float('nan'), float('inf'), -float('inf'), 0.0])])]",
        "return torch.nan_to_num(given[0].sqrt() / given[0])",
        "got 0, expected nan",
    ),
    "tensors without elements": (
        "x, y = given\nreturn x * 2, y.sum(1), y.prod()",
        "[torch.rand(0, 5), torch.rand(4, 0)]",
        "return given[0], given[1].sum(1) + 1, given[1].prod()",
        "output 1: 4 of 4 elements",
    ),
    "whole numbers and truth values": (
        "x, y = given\nreturn (x + y).sum(0), x > y, (x % 7).to(torch.uint8), y.to(torch.int8)",
        "[torch.randint(-99, 99, (50, 6)), torch.randint(1, 99, (50, 6), dtype=torch.int16)]",
        "x, y = given\nreturn (x + y).sum(0), x >= y, (x % 7).to(torch.uint8) + 1, y.to(torch.int8)",
        "output [12]: ",
    ),
    "nested values, None and numbers": (
        "x, more, scale, nothing, text = given\n"
        "y = x * more['a'][0] + more['b'][1]['c'] * scale\n"
        "return {'z': y, 'nested': [(y + 1,), None, {'n': 3}], 'sum': float(len(text)), 'yes': nothing is None}",
        "[torch.randn(40), {'a': [torch.randn(40)], 'b': (1, {'c': torch.randn(40)})}, 0.5, None, 'abc']",
        "x, more, scale, nothing, text = given\n"
        "y = x * more['a'][0] + more['b'][1]['c'] * scale\n"
        "return {'z': y, 'nested': [(y + 1,), None, {'n': 4}], 'sum': float(len(text)), 'yes': nothing is None}",
        "output 1: 1 of 1 elements.*got 4, expected 3",
    ),
    "views, gaps and stride zero": (
        "a, b, c = given\nreturn a + 2 * b, c[:, ::2], a.t()",
        "[torch.randn(6, 40).t(), torch.randn(6).expand(40, 6), torch.randn(40, 20)[:, ::3]]",
        "a, b, c = given\nreturn a + 2 * b[0] * 1.01, c[:, ::2], a.t()",
        "output 0: ",
    ),
    "complex numbers": (
        "x, = given\nreturn torch.fft.fft(x.sum(0)), x.abs(), x.conj()",
        "[torch.randn(8, 64, dtype=torch.complex64)]",
        "x, = given\nreturn torch.fft.fft(x.sum(0)), x.abs(), x",
        "output 2: ",
    ),
    "half types": (
        "x, y = given\nreturn torch.softmax(x, -1), y * y, (x.float() @ y.float().t()).bfloat16()",
        "[torch.randn(16, 32).half(), torch.randn(16, 32).bfloat16()]",
        "x, y = given\nreturn torch.softmax(x, -1), y * y * 1.2, (x.float() @ y.float().t()).bfloat16()",
        "output 1: ",
    ),
    "double precision": (
        "x, = given\nreturn x.sum(0), torch.exp(x)",
        "[torch.randn(300, 8, dtype=torch.float64)]",
        "x, = given\nreturn x.sum(0), torch.exp(x.float()).double()",
        "output 1: ",
    ),
    "no dimensions": (
        "x, y = given\nreturn x * y, y + 1, (x > y), x.long()",
        "[torch.randn(()), torch.randn(())]",
        "x, y = given\nreturn x * y, y + 1.1, (x > y), x.long()",
        "output 1: 1 of 1 elements",
    ),
    "the input itself, twice": (
        "return given[0], given[0], given[0][:2]",
        "[torch.randn(40)]",
        "return given[0], given[0] * 1.01, given[0][:2]",
        "output 1: ",
    ),
    "a batch norm that keeps running statistics": (
        "return self.norm(given[0])",
        "[torch.randn(16, 8)]",
        "return torch.nn.functional.batch_norm(given[0], None, None, training=True) * 1.01",
        "of 128 elements",
    ),
}


@pytest.mark.parametrize("what", RIGHT_AND_WRONG)
def test_an_odd_reference_is_judged(judge, what):
    right, inputs, wrong, message = RIGHT_AND_WRONG[what]
    init = "self.norm = torch.nn.BatchNorm1d(8)" if "norm" in right else ""
    text = reference(right, inputs, init)
    found = judge.evaluate(Job(task(text), Candidate(text.replace("class Model", "class ModelNew")), PLAN))
    assert found.verdict is Verdict.CORRECT, found.message
    other = reference(wrong, inputs, init).replace("class Model", "class ModelNew")
    found = judge.evaluate(Job(task(text), Candidate(other), PLAN))
    assert found.verdict is Verdict.WRONG, found.message
    assert re.search(message, found.message), found.message


REFUSED = {
    "dropout": (
        reference("return torch.nn.functional.dropout(given[0])", "[torch.rand(99)]"),
        "random numbers that forward draws",
    ),
    "torch.rand": (reference("return given[0] + torch.rand(99)", "[torch.rand(99)]"), "random numbers"),
    "a little noise": (
        reference("return given[0] + 1e-9 * torch.randn(99).double()", "[torch.rand(99).double()]"),
        "random numbers",
    ),
    "python's own random": (
        reference("return given[0] + random.random()", "[torch.rand(9)]", before="import random"),
        "random numbers",
    ),
    "the system's random": (
        reference("return given[0] + os.urandom(1)[0]", "[torch.rand(9)]", before="import os"),
        "answers the same inputs otherwise",
    ),
    "a counter": (
        reference("self.n += 1\nreturn given[0] + self.n", "[torch.rand(9)]", "self.n = 0"),
        "keeps a state",
    ),
    "a counter in whole numbers": (
        reference("self.n += 1\nreturn given[0] + self.n", "[torch.randint(9, (9,))]", "self.n = 0"),
        "keeps a state",
    ),
    "in place": (reference("return given[1].mul_(2)", "[torch.rand(9), torch.rand(9)]"), "changes input 1 in place"),
    "in place, nested": (reference("return given[0]['x'].relu_()", "[{'x': torch.randn(9)}]"), "changes input 0"),
    "shapes by value": (
        reference("return given[0][given[0] > 0.5]", "[torch.rand(999)]"),
        "shapes of its outputs depend on the values",
    ),
    "no output": (reference("return None", "[torch.rand(9)]"), "Model returns no tensor"),
    "an output of another kind": (reference("return object()", "[torch.rand(9)]"), "neither tensor, number.*object"),
    "an input of another kind": (
        reference("return given[0]", "[torch.rand(9), object()]"),
        "cannot be handed on.*object",
    ),
    "a sparse input": (reference("return given[0].to_dense()", "[torch.eye(9).to_sparse()]"), "sparse"),
    "a sparse output": (reference("return given[0].to_sparse()", "[torch.eye(9)]"), "sparse"),
    "eight bits": (
        reference("return given[0].float()", "[torch.rand(9).to(torch.float8_e4m3fn)]"),
        "input of type float8_e4m3fn",
    ),
    "an output of 4 GiB": (reference("return given[0].expand(1 << 20, 1 << 10) + 1", "[torch.rand(1 << 10)]"), "GiB"),
    "an input of 4 GiB": (reference("return given[0].sum()", "[torch.rand(1 << 30)]"), "4.0 GiB"),
    "an operator of terabytes": (
        reference("return (given[0][:, None] * given[0]).sum()", "[torch.rand(1 << 20)]"),
        r"one operator \d+",
    ),
    "raising": (reference("raise ValueError('a\\nb')", "[torch.rand(9)]"), "Model raises ValueError: a b"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_reference_that_nothing_can_be_judged_against_is_refused(what):
    source, message = REFUSED[what]
    with pytest.raises(TaskError, match=message) as raised:
        admitted(task(source), source, "cpu")
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("tests/odd: ")


ADMITTED = {
    "random numbers that decide nothing": "torch.rand(3)\nreturn given[0] * 2",
    "random numbers under a seed of its own": (
        "return given[0] + torch.rand(9, generator=torch.Generator().manual_seed(3))"
    ),
    "dropout of nothing": "return torch.nn.functional.dropout(given[0], 0.0)",
    "a state that shows nowhere": "self.calls = getattr(self, 'calls', 0) + 1\nreturn given[0] * 2",
    "work in place on a copy": "return given[0].clone().mul_(2)",
    "nan": "return given[0] / 0 * 0",
    "values that it looks at": "return given[0][given[0] > 0.5].sum()",
}


@pytest.mark.parametrize("what", ADMITTED)
def test_a_reference_that_only_looks_impure_is_admitted(what):
    source = reference(ADMITTED[what], "[torch.rand(9)]")
    assert len(admitted(task(source), source, "cpu").outputs) == 1


def test_memory_that_runs_out_where_no_shape_tells_is_said_in_one_line(judge):
    source = reference("return given[0].new_zeros(int(given[0].sum() * 0 + 1) << 45).sum()", "[torch.rand(9)]")
    fault = _answer(judge, Job(task(source), Candidate("class ModelNew: ..."), PLAN)).fault
    assert fault == "tests/odd: the reference needs more memory than this machine has"


def test_a_reference_that_looks_at_values_is_right_and_has_no_modelled_time(plain):
    text = reference(ADMITTED["values that it looks at"], "[torch.rand(99)]")
    candidate = Candidate(
        "import torch\nclass ModelNew(torch.nn.Module):\n"
        "    def forward(self, x): return torch.where(x > 0.5, x, 0).sum()\n"
    )
    found = plain.evaluate(Job(task(text), candidate, PLAN))
    assert found.verdict is Verdict.UNJUDGED
    assert "the reference cannot be followed on shapes alone" in found.message
    assert found.errors


def test_a_refusal_reaches_whoever_asked():
    bench = open_bench("rtx4090", PLAN, place="emulated")
    try:
        with pytest.raises(SandboxError, match="^tests/odd: its answer hangs on random numbers") as raised:
            bench.evaluate(task(REFUSED["dropout"][0]), Candidate("class ModelNew: ..."))
    finally:
        bench.close()
    assert "\n" not in str(raised.value)


def test_tensors_of_more_than_four_gigabytes_lie_one_behind_the_other():
    large = torch.empty(3, 1 << 30, device="meta")
    slots, end = placed([large, large.half().t(), torch.empty(7, device="meta")], 256)
    assert [slot.offset for slot in slots] == [256, 256 + (12 << 30), 256 + (18 << 30)]
    assert end == 256 + (18 << 30) + 256
    area = torch.empty(end, dtype=torch.uint8, device="meta")
    arena = Arena(sealed(0), area)
    for slot, shape in zip(slots, [(3, 1 << 30), (1 << 30, 3), (7,)], strict=True):
        for view in (arena.tensor(slot), Snapshot(area[None, 256:], 256).tensor(slot)):
            assert (view.shape, view.stride()) == (shape, slot.stride)
            assert view.storage_offset() * view.element_size() == slot.offset
    arena.close()


def test_the_poison_is_never_the_nan_of_a_card():
    patterns = {fresh_pattern() for _ in range(500)}
    assert 0x7FFF not in patterns
    assert len(patterns) == 15
    assert torch.tensor(list(patterns), dtype=torch.int16).view(torch.float16).isnan().all()


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16])
def test_zeros_never_pass_for_a_long_sum_in_a_half_type(kind):
    truth = torch.randn(16, 64, dtype=torch.float64)
    known = answered(truth, [truth.to(kind)], 1 << 16)
    assert not judge_tensor(truth.to(kind), known, Tolerance()).wrong
    assert judge_tensor(torch.zeros(16, 64, dtype=kind), known, Tolerance()).wrong
    assert judge_tensor((truth * 1.1).to(kind), known, Tolerance()).wrong
