import os

import pytest

from sandbox.cores import on_own_core, shares, siblings


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
    judges, candidates = shares(frozenset(range(8)), topology({7: "6-7"}))
    assert (judges, candidates) == ({7}, {0, 1, 2, 3, 4, 5})


def test_where_processors_are_few_both_have_all():
    assert shares(frozenset({0, 1})) == ({0, 1}, {0, 1})


def test_afterwards_the_judge_may_go_where_it_could_before():
    before = os.sched_getaffinity(0)
    with on_own_core():
        assert os.sched_getaffinity(0) == shares(frozenset(before))[0]
    assert os.sched_getaffinity(0) == before
