import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.cores import Cores
from sandbox.pace import Pace, lap_ns, paced
from sandbox.process_table import descendants

THREADED = """
import sys, threading
print("there", flush=True)
sys.stdin.readline()
threading.Thread(target=sys.stdin.read).start()
print("two", flush=True)
"""
SHARED = Cores(frozenset({0, 1}), frozenset({0, 1}), shared=True)


def test_one_at_full_pace_keeps_its_processor():
    looked = []
    pace = Pace(range(8), lambda cpu: looked.append(cpu) or 100)
    assert looked == [*range(8)]
    assert [pace.choose(range(8), 5), pace.choose(range(8), 2)] == [5, 2]
    assert looked[8:] == [5, 2]


def test_one_that_is_slowed_goes_where_it_is_not():
    laps = [160, 160, 160, 110, 160]
    assert [Pace(range(5), lambda cpu: laps[cpu]).choose(range(5), now) for now in range(5)] == [3] * 5


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=40), st.data())
def test_it_stays_among_its_own_and_never_goes_where_it_is_slower(laps, data):
    own = sorted(data.draw(st.sets(st.integers(0, len(laps) - 1), min_size=1)))
    now = data.draw(st.sampled_from(own))
    chosen = Pace(range(len(laps)), lambda cpu: laps[cpu]).choose(own, now)
    assert chosen in own
    assert laps[chosen] <= max(laps[now], 1.2 * min(laps))


@pytest.mark.parametrize("now", [63, 5, -1])
def test_where_all_are_slowed_it_is_the_least_and_few_are_tried(now):
    tried = []
    pace = Pace(range(64), lambda cpu: 100)
    pace._lap = lambda cpu: tried.append(cpu) or 200 + cpu
    assert pace.choose(range(32, 64), now) == min(tried) >= 32
    assert len(tried) == len(set(tried)) == 5
    assert (tried[0] == now) == (now == 63)


def test_a_lap_is_run_on_the_processor_that_is_asked_for():
    own = os.sched_getaffinity(0)
    try:
        for cpu in own:
            assert lap_ns(cpu) > 0
            assert os.sched_getaffinity(0) == {cpu}
    finally:
        os.sched_setaffinity(0, own)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor is all that there is")
def test_judge_and_guest_are_kept_apart_for_each_run_and_let_go_afterwards():
    own = os.sched_getaffinity(0)
    one, *others = sorted(own)
    split = Cores(frozenset({one}), frozenset(others))
    shell = ["sh", "-c", '"$@"; true', "sh", sys.executable, "-I", "-c", THREADED]
    with subprocess.Popen(shell, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as top:
        assert top.stdout.readline() == b"there\n"
        ((guest, _),) = descendants([top.pid])[top.pid]
        with paced(guest, split) as place:
            assert os.sched_getaffinity(guest) == own
            place()
            assert os.sched_getaffinity(0) == {one}
            assert len(os.sched_getaffinity(guest)) == 1
            top.stdin.write(b"\n")
            top.stdin.flush()
            assert top.stdout.readline() == b"two\n"
        assert os.sched_getaffinity(0) == own
        threads = [int(each.name) for each in Path(f"/proc/{guest}/task").iterdir()]
        assert len(threads) == 2
        assert all(os.sched_getaffinity(each) == set(others) for each in threads)
        with paced(guest, split) as place:
            os.kill(guest, signal.SIGKILL)
            top.communicate()
            place()
    assert os.sched_getaffinity(0) == own


def test_a_guest_that_may_not_be_moved_stays_where_it_is(monkeypatch):
    kept = os.sched_setaffinity

    def mine_alone(pid, cpus):
        if pid:
            raise PermissionError
        kept(pid, cpus)

    monkeypatch.setattr(os, "sched_setaffinity", mine_alone)
    own = os.sched_getaffinity(0)
    with paced(os.getppid(), Cores(frozenset(own), frozenset(own))) as place:
        place()
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == own


def test_nobody_moves_where_processors_are_shared_or_no_guest_is_known(monkeypatch):
    monkeypatch.setattr(os, "sched_setaffinity", None)
    for guest, split in ((os.getpid(), SHARED), (0, Cores(frozenset({0}), frozenset({1})))):
        with paced(guest, split) as place:
            place()
