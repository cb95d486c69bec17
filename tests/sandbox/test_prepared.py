"""Candidates that are built before their turn: judged as any other, dead when nobody wants them."""

import os
import select
import signal
import time
from pathlib import Path

import pytest

from sandbox.evaluation import Candidate, SandboxError, Verdict
from sandbox.isolation import strongest
from sandbox.prepared import Prepared
from sandbox.trial import open_bench
from sandbox.wire import Job, MeasurePlan
from tasks.task import Task

PLAN = MeasurePlan(build_timeout_s=60, run_timeout_s=30)
TASK = Task(
    "tests/double",
    "import torch\nclass Model(torch.nn.Module):\n    def forward(self, x): return x * 2\n"
    "def get_inputs(): return [torch.rand(100)]\ndef get_init_inputs(): return []\n",
    small_sizes={},
)
pytestmark = pytest.mark.skipif("other processes" in strongest().unprotected, reason="no namespaces here")


def candidate(body="x * 2", before="", salt=0):
    return Candidate(
        f"import torch\n{before}\nclass ModelNew(torch.nn.Module):\n    def forward(self, x): return {body}  # {salt}\n"
    )


def marked(marker, **more):
    """A candidate whose process is seen by a child of its own."""
    return candidate(before=f"__import__('subprocess').Popen(['sleep', '{marker}'])", **more)


@pytest.fixture(scope="module")
def bench():
    """With the task's reference there, so that a hint is followed at once."""
    opened = open_bench("rtx4090", PLAN, place="emulated")
    opened.evaluate(TASK, candidate("x", salt="first"))
    yield opened
    opened.close()


@pytest.fixture
def marker(request):
    return f"5432{abs(hash(request.node.name)) % 1000}.{os.getpid()}"


def sleeping(marker):
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if each.read_bytes().split(b"\0")[1:2] == [marker.encode()]:
                found.append(int(each.parent.name))
        except OSError:
            continue
    return found


def until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        select.select([], [], [], 0.02)


def judge_pid(pid):
    """The judge above one of its candidate's processes."""
    while "sandbox.judge\0" not in Path(f"/proc/{pid}/cmdline").read_text():
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return pid


@pytest.mark.parametrize(
    ("body", "verdict"), [("x * 2", Verdict.CORRECT), ("x * 2.01", Verdict.WRONG), ("x[:1] * 2", Verdict.WRONG)]
)
def test_its_verdict_is_the_one_it_gets_without(bench, body, verdict):
    bench.prepare(TASK, candidate(body))
    found = bench.evaluate(TASK, candidate(body))
    assert found.verdict is verdict, found.message
    assert found.phases.prepared
    again = bench.evaluate(TASK, candidate(body))
    assert (again.verdict, again.phases.prepared) == (verdict, False)


@pytest.mark.parametrize(
    ("before", "verdict"),
    [
        ("import os; os._exit(5)", Verdict.CRASHED),
        ("raise OSError('no luck')", Verdict.BROKEN),
        ("while True: print('spam' * 9999)", Verdict.CRASHED),
    ],
)
def test_what_goes_wrong_ahead_is_judged_again_by_itself(bench, before, verdict):
    broken = candidate(before=before)
    bench.prepare(TASK, broken)
    bench.evaluate(TASK, candidate("x"))
    found = bench.evaluate(TASK, broken)
    assert found.verdict is verdict, found.message
    assert not found.phases.prepared


def test_one_is_built_while_another_is_judged(bench, marker):
    ahead = marked(marker)
    bench.prepare(TASK, ahead)
    assert bench.evaluate(TASK, candidate("x")).verdict is Verdict.WRONG
    until(lambda: sleeping(marker))
    assert bench.evaluate(TASK, ahead).phases.prepared
    assert sleeping(marker) == []


def test_a_newer_hint_displaces_one_that_was_not_called_for(bench, marker):
    bench.prepare(TASK, marked(marker))
    until(lambda: sleeping(marker))
    bench.prepare(TASK, marked(marker + "1"))
    bench.evaluate(TASK, candidate("x"))
    assert sleeping(marker) == []
    until(lambda: sleeping(marker + "1"))
    assert bench.evaluate(TASK, marked(marker + "1")).phases.prepared


def test_who_waits_is_not_blamed_for_what_a_neighbour_took(bench):
    """No memory in company is no verdict: it is judged again with nobody beside it."""
    greedy, neighbour = candidate("torch.zeros(1 << 40)"), candidate(salt="neighbour")
    bench.prepare(TASK, neighbour)
    assert bench.evaluate(TASK, greedy).verdict is Verdict.OUT_OF_MEMORY
    assert not bench.evaluate(TASK, neighbour).phases.prepared


def test_none_is_left_when_the_bench_is_closed(marker):
    bench = open_bench("rtx4090", PLAN, place="emulated")
    bench.evaluate(TASK, candidate("x"))
    bench.prepare(TASK, marked(marker))
    until(lambda: sleeping(marker))
    bench.close()
    assert sleeping(marker) == []


def test_none_survives_kill_9_of_the_judge(marker):
    bench = open_bench("rtx4090", PLAN, place="emulated")
    bench.evaluate(TASK, candidate("x"))
    bench.prepare(TASK, marked(marker))
    until(lambda: sleeping(marker))
    os.kill(judge_pid(sleeping(marker)[0]), signal.SIGKILL)
    until(lambda: not sleeping(marker))
    with pytest.raises(SandboxError, match="ended with status -9"):
        bench.evaluate(TASK, candidate())
    assert bench.evaluate(TASK, candidate("x")).verdict is Verdict.WRONG
    bench.close()


def test_phases_say_where_the_time_went(bench):
    phases = bench.evaluate(TASK, candidate()).phases
    parts = (phases.sandbox_ms, phases.build_ms, phases.compile_ms, phases.inputs_ms, phases.truth_ms, phases.runs_ms)
    waited_for = (phases.sandbox_ms, phases.build_ms, phases.compile_ms, phases.runs_ms)
    assert all(each > 0 for each in (*waited_for, phases.import_ms, phases.context_ms))
    assert sum(parts) <= phases.total_ms


def test_many_are_evaluated_each_built_while_the_last_is_judged(bench):
    jobs = [(TASK, candidate("x", salt=n)) for n in range(3)]
    faulty = Task("tests/faulty", TASK.source.replace("x * 2", "1 / 0"), small_sizes={})
    found = bench.evaluate_all([*jobs, (faulty, candidate())])
    assert [each.verdict for each in found[:3]] == [Verdict.WRONG] * 3
    assert [each.phases.prepared for each in found[:3]] == [False, True, True]
    assert isinstance(found[3], SandboxError)


def test_a_hint_never_displaces_the_one_whose_turn_it_is():
    turn, later = Candidate("turn"), Candidate("later")
    prepared = Prepared(None, 1)
    prepared._guests[turn] = None  # closing it would fail
    prepared.want(Job(Task("tests/any", ""), later))
    prepared.displace(turn)
    assert prepared.has(turn)
