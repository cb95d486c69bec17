"""Nsight Compute by a stand-in on the PATH that says what the real one says, and does what it does."""

import json
import os
import re
import select
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.child.setup import Setup
from sandbox.counters import ELSEWHERE, Counter
from sandbox.devices import Place, PlaceKind
from sandbox.evaluation import Candidate, Environment
from sandbox.gpu import gpu_named
from sandbox.health import NoCard
from sandbox.isolation import NONE
from sandbox.judging import Judge
from sandbox.leashed import Child
from sandbox.metrics import REST, CounterSource
from sandbox.profilers import ncu, ncu_command
from sandbox.wire import Job
from tasks.task import Task

H200 = Path(__file__).with_name("ncu_h200_raw.csv")
SOURCE = "@triton.jit\ndef mykern(x): ...\n"
ASKED = (str(Counter.REGISTERS), str(Counter.DRAM_BUSY))
TENSOR, COUNTED = str(Counter.TENSOR_BUSY), "sm__inst_executed_pipe_tensor.avg.pct_of_peak_sustained_active"
HEAD = """
import csv, json, os, signal, subprocess, sys, time
flags = sys.argv[1 : sys.argv.index(sys.executable)] if sys.executable in sys.argv else sys.argv[1:]
asked = flags[flags.index("--metrics") + 1].split(",")
with open(CALLS, "a") as calls:
    calls.write(json.dumps(flags) + "\\n")
log = open(flags[flags.index("--log-file") + 1], "w")

def table(rows=None):
    lines = open(PAGE).read().splitlines()
    log.write("\\n".join(lines[:3]) + "\\n")
    out = csv.writer(log, quoting=csv.QUOTE_ALL, lineterminator="\\n")
    header, *rest = csv.reader(lines[3:])
    for row in [header, *rest]:
        out.writerow([cell for name, cell in zip(header, row) if "__" not in name or name in asked])
    log.flush()
"""


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Puts an ncu on the PATH that does what it is given; tells how it was called."""
    calls = tmp_path / "calls"
    monkeypatch.setattr(ncu, "strongest", lambda *, counters: NONE)  # no box shows a test's folder

    def made(body):
        head = HEAD.replace("CALLS", repr(str(calls))).replace("PAGE", repr(str(H200)))
        program = tmp_path / "ncu"
        program.write_text(f"#!{sys.executable}\n{head}\n{body}\n")
        program.chmod(0o755)
        return lambda: [json.loads(line) for line in calls.read_text().splitlines()]

    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return made


def profile(counters=ASKED, timeout_s=120.0, **how):
    told = Setup(SOURCE, "[]", (), ["list", []], (), (), 1, 0, (0,), "cuda", "h200", False)
    arena = os.memfd_create("arena")
    try:
        return ncu.profile(ncu.Watched(told, arena, **how), counters, timeout_s)
    finally:
        os.close(arena)


def test_counters_stand_by_kernel_and_the_rest_under_one_name(stand_in):
    calls = stand_in("table()")
    found = profile()
    assert (found.source, found.missing, found.reason) == (CounterSource.NCU, (), "")
    assert found.kernels["mykern"] == {ASKED[0]: 18.0, ASKED[1]: 39.36, Counter.DURATION: 9152.0}
    assert list(found.kernels) == ["mykern", REST]
    assert found.slowest is found.kernels["mykern"]  # though the rest took longer
    (flags,) = calls()
    assert flags[flags.index("--clock-control") + 1] == "none"
    assert flags[flags.index("--profile-from-start") + 1] == "off"
    assert "--kernel-name" not in flags


def test_the_cards_clocks_are_touched_only_where_that_is_asked_for(stand_in):
    calls = stand_in("table()")
    profile(base_clocks=True)
    (flags,) = calls()
    assert flags[flags.index("--clock-control") + 1] == "base"


FORBIDDEN = (
    "==ERROR== ERR_NVGPUCTRPERM - The user does not have permission to access NVIDIA GPU Performance Counters on the "
    "target device 0."
)


@pytest.mark.parametrize("stream", ["log", "sys.stdout", "sys.stderr"])
def test_a_driver_that_keeps_its_counters_is_explained_with_what_to_do(stand_in, stream):
    stand_in(f"print('==PROF== Connected to process 9'); print({FORBIDDEN!r}, file={stream}); sys.exit(1)")
    found = profile()
    assert found == ncu_command.FORBIDDEN
    assert "NVreg_RestrictProfilingToAdminUsers=0" in found
    assert "\n" not in found


def test_a_missing_ncu_is_explained(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(ncu_command, "PLACES", (f"{tmp_path}/*/ncu",))
    assert profile() == ncu_command.NOT_INSTALLED
    newest = tmp_path / "2025.3" / "ncu"
    for each in (tmp_path / "2024.1" / "ncu", newest):
        each.parent.mkdir()
        each.touch()
    assert ncu_command.program() == str(newest)


def test_no_kernel_is_explained(stand_in):
    stand_in("log.write('==PROF== Connected to process 9\\n==WARNING== No kernels were profiled.\\n')")
    assert profile() == ncu_command.NO_KERNEL


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("print('ValueError: no'); print('==ERROR== The application returned an error code (1).')", "ValueError: no"),
        ("print('==ERROR== Unknown Error on device 0.')", "Unknown Error on device 0"),
        ("log.write('==PROF== Connected to process 9')", "Connected to process 9"),
        ("", "it said nothing"),
        ("os.kill(os.getpid(), 11)", "it said nothing"),
    ],
)
def test_any_other_end_is_told_in_one_line(stand_in, body, told):
    stand_in(body)
    found = profile()
    assert re.fullmatch(f"Nsight Compute read nothing: .*{told}.*", found)


HANG = "open('ready', 'w'); signal.pause()"


class Late(Child):
    """A child whose deadline has come as soon as it said that it hangs."""

    def wait(self, timeout_s):
        ready = self.scratch / "ready"
        while not ready.exists() and self.alive:
            select.select([], [], [], 0.02)
        return super().wait(0 if ready.exists() else timeout_s)


def test_at_its_deadline_it_is_dead_with_all_that_it_started(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(ncu, "Child", Late)
    marker = f"8766.{os.getpid()}"
    stand_in(f"table(); subprocess.Popen(['sleep', '{marker}'], start_new_session=True); {HANG}")
    assert "no end within 120 s" in profile()
    assert [each for each in _commands() if f"sleep {marker}" in each or str(tmp_path / "ncu") in each] == []


def _commands():
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield each.read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:
            continue


def test_where_all_kernels_take_too_long_the_candidates_own_are_counted_alone(stand_in, monkeypatch):
    monkeypatch.setattr(ncu, "Child", Late)
    calls = stand_in(f"""
if "--kernel-name" not in flags:
    {HANG}
table()""")
    found = profile()
    assert found.kernels["mykern"][ASKED[0]] == 18.0
    assert [("--kernel-name" in flags) for flags in calls()] == [False, True]
    assert "regex:^(mykern)" in calls()[1]


def test_a_row_that_was_cut_is_passed_over(stand_in):
    stand_in("table(); log.seek(log.tell() - 30); log.truncate()")
    found = profile()
    assert list(found.kernels) == ["mykern"]


@pytest.mark.parametrize("one_at_a_time", [True, False])
def test_a_counter_that_it_does_not_know_costs_no_other(stand_in, one_at_a_time):
    known = [*ASKED, str(Counter.DURATION)]
    calls = stand_in(f"""
strangers = [each for each in asked if each not in {known}][: {1 if one_at_a_time else None}]
for each in strangers:
    log.write(f"==ERROR== Failed to find metric {{each}}.\\n")
if strangers:
    sys.exit(1)
table()""")
    found = profile((*ASKED, "no__such.counter", f"{ASKED[1]}.more"))
    assert found.missing == ("no__such.counter", f"{ASKED[1]}.more")
    assert found.kernels["mykern"] == {ASKED[0]: 18.0, ASKED[1]: 39.36, Counter.DURATION: 9152.0}
    assert len(calls()) == (3 if one_at_a_time else 2)


def test_a_counter_that_another_chip_calls_otherwise_is_asked_for_by_that_name(stand_in, monkeypatch):
    monkeypatch.setitem(ELSEWHERE, Counter.TENSOR_BUSY, (COUNTED,))
    stand_in(f"""
if {TENSOR!r} in asked:
    log.write("==ERROR== Failed to find metric '{TENSOR}'\\n")
    sys.exit(1)
table()""")
    found = profile((*ASKED, TENSOR))
    assert found.missing == ()
    assert found.kernels["mykern"][TENSOR] == 0.0
    assert COUNTED not in found.kernels["mykern"]


def test_a_counter_that_is_not_available_costs_no_other(stand_in):
    stand_in(
        "log.write = (lambda write: lambda text: write(text.replace('39.36', 'n/a').replace('37.46', 'n/a')))"
        "(log.write); table()"
    )
    found = profile()
    assert found.missing == (ASKED[1],)
    assert found.kernels["mykern"][ASKED[0]] == 18.0


def test_where_nobody_can_count_never_ending_refusals_end(stand_in):
    stand_in("[log.write(f'==ERROR== Failed to find metric {each}\\n') for each in asked]")
    assert "Failed to find metric" in profile()


TASK = """
import torch
class Model(torch.nn.Module):
    def forward(self, x): return x * 2
def get_inputs(): return [torch.rand(1000)]
def get_init_inputs(): return []
"""
KERNEL = """
import torch, triton, triton.language as tl

@triton.jit
def double(x, y, n, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(y + at, tl.load(x + at, mask=at < n) * 2, mask=at < n)

class ModelNew(torch.nn.Module):
    def forward(self, x):
        y = torch.empty_like(x)
        double[(triton.cdiv(x.numel(), 256),)](x, y, x.numel(), BLOCK=256)
        return y
"""


def test_the_compilers_facts_stand_in_and_carry_the_reason(monkeypatch):
    place = Place(PlaceKind.CUDA, gpu_named("rtx4090"))
    judge = Judge(place, Environment("cuda", "NVIDIA GeForce RTX 4090", ""), NoCard())
    monkeypatch.setattr(Judge, "_counted", lambda self, job: ncu_command.FORBIDDEN)
    found = judge.profile(Job(Task("tests/double", TASK), Candidate(KERNEL), counters=ASKED))
    assert (found.source, found.reason) == (CounterSource.COMPILER, ncu_command.FORBIDDEN)
    assert found.kernels["double"][Counter.REGISTERS] > 0
    assert replace(found, reason="") != found
