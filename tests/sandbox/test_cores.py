import os

import pytest

from sandbox import nvml
from sandbox.cores import allowed, on_own_core, part, shares, siblings


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


def test_the_cards_of_a_machine_share_no_core(topology):
    pattern = topology({cpu: f"{cpu % 8},{cpu % 8 + 8}" for cpu in range(16)})
    parts = [part(frozenset(range(16)), card, 3, pattern) for card in range(3)]
    assert parts == [{0, 1, 8, 9}, {2, 3, 4, 10, 11, 12}, {5, 6, 7, 13, 14, 15}]


def test_a_card_whose_part_would_be_few_has_all():
    assert part(frozenset(range(6)), 1, 2) == frozenset(range(6))


def test_a_judge_asks_which_card_is_its_own(monkeypatch):
    monkeypatch.setattr(nvml, "one_of", lambda: (1, 2))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(0, 16, 2)))
    allowed.cache_clear()
    try:
        assert allowed() == part(frozenset(range(0, 16, 2)), 1, 2)
    finally:
        allowed.cache_clear()


def test_afterwards_the_judge_may_go_where_it_could_before():
    before = os.sched_getaffinity(0)
    with on_own_core():
        assert os.sched_getaffinity(0) == shares(frozenset(before))[0]
    assert os.sched_getaffinity(0) == before
