"""Whole trials without a card, through the front door: what a candidate does, and the verdict that it gets."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.evaluation import BaselineName, Candidate, SandboxError, Source, Verdict
from sandbox.leashed import ROOT
from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan
from tasks.task import Task

PLAN = MeasurePlan(build_timeout_s=15, run_timeout_s=5, baselines=(BaselineName.EAGER, BaselineName.COMPILE))
BODY = "torch.relu(self.norm(self.linear(x)) + 0.1)"
REFERENCE = f"""
import torch
from torch import nn

ROWS = 40


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(96, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        return {BODY}


def get_inputs():
    return [torch.rand(ROWS, 96)]


def get_init_inputs():
    return [48]
"""
TASK = Task("tests/linear", REFERENCE, small_sizes={})
KERNEL = """
import torch, triton, triton.language as tl

@triton.jit
def double(x, y, n, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(y + at, tl.load(x + at, mask=at < n) * 2, mask=at < LIMIT)

class ModelNew(torch.nn.Module):
    def forward(self, x):
        assert x.is_cuda
        y = torch.empty_like(x)
        double[(triton.cdiv(x.numel(), 256),)](x, y, x.numel(), BLOCK=256)
        return y
"""
DOUBLE = Task(
    "tests/double",
    "import torch\nclass Model(torch.nn.Module):\n    def forward(self, x): return x * 2\n"
    "def get_inputs(): return [torch.rand(1000)]\ndef get_init_inputs(): return []\n",
    small_sizes={},
)


@pytest.fixture(scope="module")
def bench():
    opened = open_bench("rtx4090", PLAN, place="emulated")
    yield opened
    opened.close()


def written(body, before="", init=""):
    """The reference's own text as a candidate, with another body."""
    text = REFERENCE.replace("class Model", "class ModelNew").replace(BODY, body)
    return Candidate(before + text.replace("        self.norm", f"{init}        self.norm", 1))


def test_the_reference_itself_is_correct_and_as_fast(bench):
    found = bench.evaluate(TASK, written(BODY))
    assert found.verdict is Verdict.CORRECT, found.message
    assert found.timing.source is Source.MODELLED
    assert 0.9 < found.speedup < 1.1
    assert found.errors.allclose
    assert found.errors.max_error <= found.errors.max_allowed
    assert found.environment.place == "emulated"
    assert not [each for each in found.notes if "torch.compile" in each]  # a run would say it of each attempt


def test_a_kernel_runs_unchanged(bench):
    found = bench.evaluate(DOUBLE, Candidate(KERNEL.replace("LIMIT", "n")))
    assert found.verdict is Verdict.CORRECT, found.message
    metrics = bench.profile(DOUBLE, Candidate(KERNEL.replace("LIMIT", "n")), ("launch__registers_per_thread",))
    assert metrics.kernels["double"]["launch__registers_per_thread"] > 0


def test_rows_that_a_kernel_forgets_are_named(bench):
    found = bench.evaluate(DOUBLE, Candidate(KERNEL.replace("LIMIT", "n - 8")))
    assert found.verdict is Verdict.WRONG
    assert "8 of 1000 elements never written, between rows 992 and 999" in found.message


MEMORY = "self.__dict__.setdefault('kept', {}).setdefault"
FAULTS = {
    "half of it": ("(" + BODY + ")[:20]", Verdict.WRONG, r"float32 \[20, 48\]; expected float32 \[40, 48\]"),
    "another type": ("(" + BODY + ").double()", Verdict.WRONG, r"is float64 .*expected float32"),
    "two for one": (f"({BODY}, x)", Verdict.WRONG, "2 tensors; the reference returns 1"),
    "nothing": ("None", Verdict.WRONG, "0 tensors"),
    "no tensor": ("object()", Verdict.WRONG, "no tensor"),
    "a bit off": (BODY + " * 1.001", Verdict.WRONG, "wrong on the task's own inputs: .*max error"),
    "one element off": (f"torch.cat([{BODY}[:-1], torch.zeros(1, 48)])", Verdict.WRONG, "between rows 39 and 39"),
    "nan": (BODY + " * float('nan')", Verdict.WRONG, "got nan"),
    "right for its own kind of inputs": (f"({BODY} if x.min() >= 0 else x[:, :48] * 0)", Verdict.WRONG, "normal"),
    "blind to the norm's weights": (
        BODY.replace("self.norm(", "(").replace("+ 0.1", "* 0"),
        Verdict.WRONG,
        "own inputs",
    ),
    "the first answer again": (f"{MEMORY}(x.data_ptr(), {BODY})", Verdict.WRONG, "wrong on normal inputs"),
    "the first weights again": (
        f"torch.relu(self.norm(x @ {MEMORY}(0, self.linear.weight.clone()).T + self.linear.bias) + 0.1)",
        Verdict.WRONG,
        "weight set 2 of 3",
    ),
    "changed inputs": (f"({BODY}, x.add_(1))[0]", Verdict.CHEATED, "changed its inputs"),
    "raising": ("missing + 1", Verdict.CRASHED, "NameError"),
    "leaving": ("exit(0)", Verdict.CRASHED, "exit status 0"),
    "leaving at once": ("__import__('os')._exit(7)", Verdict.CRASHED, "exit status 7"),
    "segfault": ("__import__('ctypes').string_at(0)", Verdict.CRASHED, "signal 11"),
    "ten gigabytes of print": ("[print('spam' * 2**18) for _ in range(10**4)]", Verdict.CRASHED, "printed without end"),
    "too much memory": ("torch.zeros(1 << 40)", Verdict.OUT_OF_MEMORY, "out of memory"),
    "hanging": (
        f"({BODY} if x.min() >= 0 else [1 for _ in iter(int, 1)])",
        Verdict.TIMED_OUT,
        r"5 s \(on normal",
    ),
    "network": ("__import__('socket').create_connection(('192.0.2.1', 80), 9)", Verdict.CRASHED, "PermissionError"),
    "forged status": (
        "[(o._arena.words.__setitem__(3, 99), o._arena.words.__setitem__(2, o._arena.words[0]), "
        "__import__('time').sleep(99)) for o in __import__('gc').get_objects() if type(o).__name__ == 'Worker']",
        Verdict.CHEATED,
        "wrote 99",
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_gets_its_verdict(bench, what):
    body, verdict, message = FAULTS[what]
    found = bench.evaluate(TASK, written(body))
    assert found.verdict is verdict, found.message
    assert re.search(message, found.message), found.message


BUILDS = {
    "raises at import": (dict(before="raise OSError('no luck')\n"), "does not import.*no luck"),
    "leaves at import": (dict(before="import os; os._exit(0)\n"), "exit status 0"),
    "raises when built": (dict(init="        raise KeyError('width')\n"), "does not build.*width"),
    "has a weight too many": (
        dict(init="        self.extra = nn.Parameter(torch.ones(3, 3))\n"),
        r"weights do not match.*extra \[3, 3\]",
    ),
}


@pytest.mark.parametrize("what", BUILDS)
def test_what_does_not_build_is_told_why(bench, what):
    how, message = BUILDS[what]
    found = bench.evaluate(TASK, written(BODY, **how))
    assert found.verdict in (Verdict.BROKEN, Verdict.CRASHED)
    assert re.search(message, found.message, re.DOTALL), found.message


def test_weights_under_other_names_are_matched_by_shape_and_order(bench):
    source = written(BODY).source.replace("self.linear", "self.gemm").replace("self.norm", "self.ln")
    found = bench.evaluate(TASK, Candidate(source))
    assert found.verdict is Verdict.CORRECT, found.message
    assert any("4 weights matched by shape and order" in each for each in found.notes), found


def test_a_candidate_without_weights_serves_a_reference_with_buffers(bench):
    reference = DOUBLE.source.replace("return x * 2", "return x * self.two").replace(
        "    def forward",
        "    def __init__(self):\n        super().__init__()\n"
        "        self.register_buffer('two', torch.tensor(2, dtype=torch.int32))\n    def forward",
    )
    found = bench.evaluate(Task("tests/buffer", reference, small_sizes={}), Candidate(KERNEL.replace("LIMIT", "n")))
    assert found.verdict is Verdict.CORRECT, found.message
    assert "1 weights of the reference unused" in found.notes


def test_a_write_after_the_answer_is_caught(bench):
    reference = DOUBLE.source.replace("return x * 2", "return x / 0 * 0")
    late = (
        "import sys, threading, torch\n"
        "def meddle(output):\n"
        "    bits, number = output.view(torch.int32), 0\n"
        "    while True:\n"
        "        number = (number + 1) % 4096\n"
        "        bits[0] = 0x7FC00000 + number\n"
        "class ModelNew(torch.nn.Module):\n"
        "    def forward(self, x):\n"
        "        frame = sys._getframe()\n"
        "        while '_sets' not in vars(frame.f_locals.get('self', self)):\n"
        "            frame = frame.f_back\n"
        "        threading.Thread(target=meddle, args=frame.f_locals['self']._sets[0][1], daemon=True).start()\n"
        "        return x / 0 * 0\n"
    )
    found = bench.evaluate(Task("tests/nan", reference, small_sizes={}), Candidate(late))
    assert found.verdict is Verdict.CHEATED, found.message
    assert "after it said that it was done" in found.message


def test_the_candidates_process_holds_nothing_of_the_judges(bench):
    nosy = (
        "import sys\n"
        "known = {'tasks', 'sandbox.truth', 'sandbox.reference', 'sandbox.judging'} & set(sys.modules)\n"
        "assert not known, known\n"
    )
    found = bench.evaluate(TASK, written("1 / 0", before=nosy))
    assert "ZeroDivisionError" in found.message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def get_inputs(): return []\ndef get_init_inputs(): return []", "no Model"),
        ("class Model:\n  x = = 1", "line 2"),
        (REFERENCE.replace("torch.rand(ROWS, 96)", "torch.rand(1 << 42)"), "get_inputs"),
        (REFERENCE.replace("torch.rand(ROWS, 96)", "1 / 0"), "ZeroDivisionError"),
        (REFERENCE.replace(BODY, "x @ x"), "raises"),
        (REFERENCE.replace("torch.rand(ROWS, 96)", "torch.rand(torch.randint(1, 10**6, ()), 96)"), "other shapes"),
    ],
)
def test_a_fault_of_the_task_is_raised_in_one_line(bench, source, message):
    with pytest.raises(SandboxError, match=message) as raised:
        bench.evaluate(Task("tests/faulty", source, small_sizes={}), written(BODY))
    assert "\n" not in str(raised.value)


def test_a_judge_that_dies_is_replaced(bench):
    deadly = REFERENCE.replace("torch.rand(ROWS, 96)", "__import__('os')._exit(9)")
    with pytest.raises(SandboxError, match="judge's process ended with status 9"):
        bench.evaluate(Task("tests/deadly", deadly, small_sizes={}), written(BODY))
    assert bench.evaluate(TASK, written("x")).verdict is Verdict.WRONG


def test_nothing_survives_kill_9_of_the_controller(tmp_path):
    marker = f"8765.{os.getpid()}"
    candidate = written(f"__import__('os').system('sleep {marker} & sleep 600')").source
    (tmp_path / "controller.py").write_text(
        f"import sys\nsys.path.insert(0, {ROOT!r})\n"
        "from sandbox.trial import open_bench\nfrom sandbox.wire import MeasurePlan\n"
        "from sandbox.evaluation import Candidate\nfrom tasks.task import Task\n"
        "assert 'torch' not in sys.modules\n"
        "bench = open_bench('rtx4090', MeasurePlan(), place='emulated')\n"
        f"bench.evaluate(Task('tests/linear', {REFERENCE!r}, small_sizes={{}}), Candidate({candidate!r}))\n"
    )
    own = tmp_path / "own"  # other tests have judges of their own at the same time
    own.mkdir()
    controller = subprocess.Popen(
        [sys.executable, str(tmp_path / "controller.py")], env={**os.environ, "TMPDIR": str(own)}
    )
    _until(lambda: _named(marker))
    assert any(own.iterdir())
    controller.send_signal(signal.SIGKILL)
    controller.wait()
    _until(lambda: not _named(marker))
    _until(lambda: not any("sandbox.child.main" in each for each in _commands() if marker in each))
    _until(lambda: not any(own.iterdir()))


def _named(marker):
    return [each for each in _commands() if each.startswith("sleep") and marker in each]


def _commands():
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield each.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue


def _until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        select.select([], [], [], 0.02)
