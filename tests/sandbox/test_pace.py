import os
import signal
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from sandbox import cores
from sandbox.frozen import descendants
from sandbox.pace import Pace, lap_ns, paced

WORKS = "import os, sys\nfor _ in range(10**7): pass\nprint('worked', flush=True)\nsys.stdin.read()"


def test_one_at_full_pace_keeps_its_processor():
    looked = []
    pace = Pace(range(8), lambda cpu: looked.append(cpu) or 100)
    assert looked == [*range(8)]
    assert [pace.choose(5), pace.choose(2)] == [5, 2]
    assert looked[8:] == [5, 2]


def test_one_that_is_slowed_goes_where_it_is_not():
    laps = [160, 160, 160, 110, 160]
    assert [Pace(range(5), lambda cpu: laps[cpu]).choose(now) for now in range(5)] == [3] * 5


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=40), st.data())
def test_it_never_goes_where_it_is_slower(laps, data):
    now = data.draw(st.integers(0, len(laps) - 1))
    assert laps[Pace(range(len(laps)), lambda cpu: laps[cpu]).choose(now)] <= max(laps[now], 1.2 * min(laps))


def test_one_that_is_barred_is_given_where_there_is_no_other():
    assert Pace(range(2), lambda cpu: 100).choose(1, {1}) == 0
    assert Pace(range(2), lambda cpu: 100).choose(1, {0, 1}) == 1
    tried = []
    pace = Pace(range(64), lambda cpu: 100)
    pace._lap = lambda cpu: tried.append(cpu) or 200 + cpu
    assert pace.choose(7, range(32)) == min(tried) >= 32
    assert len(tried) == len(set(tried)) == 5


def test_where_all_are_slowed_it_is_the_least_and_few_are_tried():
    tried = []
    pace = Pace(range(64), lambda cpu: 100)
    pace._lap = lambda cpu: tried.append(cpu) or 200 + cpu
    assert pace.choose(63) == min(tried)
    assert len(tried) == len(set(tried)) <= 5
    assert tried[0] == 63


def test_a_lap_is_run_on_the_processor_that_is_asked_for():
    own = os.sched_getaffinity(0)
    try:
        for cpu in own:
            assert lap_ns(cpu) > 0
            assert os.sched_getaffinity(0) == {cpu}
    finally:
        os.sched_setaffinity(0, own)


def test_who_works_is_kept_to_one_processor_for_each_run_and_let_go_afterwards():
    own = os.sched_getaffinity(0)
    shell = ["sh", "-c", '"$@"; true', "sh", sys.executable, "-I", "-c", WORKS]
    with subprocess.Popen(shell, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as top:
        assert top.stdout.readline() == b"worked\n"
        ((worker, _),) = descendants([top.pid])[top.pid]
        with paced(top.pid) as place:
            assert os.sched_getaffinity(worker) == own
            place()
            (here,), (there,) = os.sched_getaffinity(0), os.sched_getaffinity(worker)
            assert here != there or len(own) == 1
        assert os.sched_getaffinity(0) == own
        assert os.sched_getaffinity(worker) == cores.of_card().candidate
        with paced(top.pid) as place:
            os.kill(worker, signal.SIGKILL)
            top.communicate()
            place()
    assert os.sched_getaffinity(0) == own


def test_where_nobody_works_nobody_is_kept():
    own = os.sched_getaffinity(0)
    with subprocess.Popen(["true"]) as gone, paced(gone.pid) as place:
        place()
    assert os.sched_getaffinity(0) == own
