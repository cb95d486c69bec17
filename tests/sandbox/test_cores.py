import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import nvml
from sandbox.cores import Cores, of_card, on_own_core, siblings, split
from sandbox.leashed import ROOT


@pytest.fixture
def topology(tmp_path):
    def make(lists):
        for cpu, words in lists.items():
            (tmp_path / f"cpu{cpu}").write_text(words + "\n")
        return str(tmp_path / "cpu{}")

    return make


@pytest.mark.parametrize(("words", "cpus"), [("6-7", {6, 7}), ("3,7", {3, 7}), ("7", {7})])
def test_a_core_is_all_of_its_threads(topology, words, cpus):
    assert siblings(7, topology({7: words})) == cpus


def test_the_judge_shares_no_core_with_the_candidate(topology):
    assert split(frozenset(range(8)), pattern=topology({6: "6-7", 7: "6-7"})) == Cores({7}, {0, 1, 2, 3, 4, 5})


def test_where_processors_are_few_both_have_all():
    assert split(frozenset({0, 1})) == Cores({0, 1}, {0, 1}, shared=True)
    assert split(frozenset(range(4)), 1, 4) == Cores(set(range(4)), set(range(4)), shared=True)


def test_where_cores_are_many_the_judge_may_choose_among_some():
    assert split(frozenset(range(16))) == Cores({13, 14, 15}, set(range(13)))
    assert split(frozenset(range(128))) == Cores({125, 126, 127}, set(range(125)))


def test_the_cards_of_a_machine_share_no_core(topology):
    pattern = topology({cpu: f"{cpu % 8},{cpu % 8 + 8}" for cpu in range(16)})
    found = [split(frozenset(range(16)), card, 3, pattern) for card in range(3)]
    assert found == [Cores({9}, {0, 8}), Cores({12}, {2, 3, 10, 11}), Cores({15}, {5, 6, 13, 14})]


@pytest.mark.parametrize(("processors", "cards"), [(6, 2), (11, 3), (5, 2)])
def test_where_parts_would_be_few_no_judge_shares_a_core_all_the_same(processors, cards):
    found = [split(frozenset(range(processors)), card, cards) for card in range(cards)]
    judges = [cpu for each in found for cpu in each.judge]
    assert len(set(judges)) == cards
    assert all(each.candidate == set(range(processors - cards)) and each.shared for each in found)


@given(st.integers(1, 64), st.integers(1, 8))
def test_either_all_share_all_or_no_judge_shares_anything(processors, cards):
    found = [split(frozenset(range(processors)), card, cards, "nowhere{}") for card in range(cards)]
    if any(each.judge == each.candidate for each in found):
        assert {each.judge for each in found} == {frozenset(range(processors))}
    else:
        judges = [cpu for each in found for cpu in each.judge]
        assert len(set(judges)) == len(judges) >= cards
        assert not any(each.candidate & set(judges) for each in found)
        assert all(one.shared or not one.candidate & two.candidate for one in found for two in found if one is not two)


def test_a_process_keeps_to_its_cards_part_and_spins_on_the_judges_core(monkeypatch):
    kept = []
    monkeypatch.setattr(nvml, "one_of", lambda: (1, 2))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(100, 116)))
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, cpus: kept.append(set(cpus)))
    of_card.cache_clear()
    try:
        with on_own_core():
            pass
    finally:
        of_card.cache_clear()
    assert kept == [{114, 115}, set(range(108, 116))]


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor is all that there is")
def test_a_candidates_process_keeps_the_threads_that_are_there_to_its_processors_too():
    code = (
        "import os, sys, threading; sys.path.insert(0, sys.argv[1])\n"
        "from sandbox.child.main import pin_threads\n"
        "there, over = threading.Event(), threading.Event()\n"
        "threading.Thread(target=lambda: (there.set(), over.wait())).start(); there.wait()\n"
        "assert len(os.sched_getaffinity(0)) > 1\n"
        "pin_threads({min(os.sched_getaffinity(0))})\n"
        "masks = {len(os.sched_getaffinity(int(each))) for each in os.listdir('/proc/self/task')}\n"
        "print(*masks, threading.active_count())\n"
        "over.set()\n"
    )
    said = subprocess.run([sys.executable, "-c", code, ROOT], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["1", "2"]
