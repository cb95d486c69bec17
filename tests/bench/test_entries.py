import pytest

from bench import accuracy, entries
from bench.entries import End
from sandbox.evaluation import Verdict
from sandbox.screen import screen
from tasks.program import inputs, load

CORPUS = entries.corpus()


def test_the_corpus_is_large_enough_and_half_of_it_is_correct():
    ends = [each.expected for entry in CORPUS for each in entry.entrants]
    assert len(CORPUS) >= 10
    assert len(ends) == 4 * len(CORPUS)
    assert ends.count(End.CORRECT) == len(ends) / 2
    for entry in CORPUS:
        assert sorted(each.expected for each in entry.entrants) == sorted([*2 * [End.CORRECT], End.WRONG, End.FAILS])


def test_no_two_candidates_are_the_same():
    digests = [each.candidate.digest for entry in CORPUS for each in entry.entrants]
    assert len(set(digests)) == len(digests)


def test_every_candidate_but_a_broken_one_can_be_screened():
    for entry in CORPUS:
        for each in entry.entrants:
            assert screen(each.candidate) is None or each.expected is End.FAILS, each.file


def test_sizes_reach_the_task():
    short = next(each for each in CORPUS if each.name == "softmax_short")
    assert "columns = 1000" in short.task.source
    assert short.task.id == "examples/softmax"


def test_a_file_without_its_expectation_is_refused(tmp_path):
    file = tmp_path / "kernel.py"
    file.write_text("import torch\n")
    with pytest.raises(ValueError, match="first line"):
        entries.entrant(file)
    file.write_text("# expected: perhaps\n")
    with pytest.raises(ValueError, match="perhaps"):
        entries.entrant(file)


@pytest.mark.parametrize(
    ("verdict", "end"),
    [
        (Verdict.CORRECT, End.CORRECT),
        (Verdict.WRONG, End.WRONG),
        (Verdict.REJECTED, End.FAILS),
        (Verdict.CRASHED, End.FAILS),
    ],
)
def test_verdicts_come_down_to_three_ends(verdict, end):
    assert entries.end_of(verdict) is end


def test_calibrated_points_cover_every_class_of_duration():
    found = accuracy.points()
    for kernel in ("chain", "product"):
        assert sorted(each.nominal_ms for each in found if each.kernel == kernel) == [0.05, 0.3, 1.0, 3.0, 10.0]
    assert {each.nominal_ms >= 1 for each in found if each.repeated} == {True, False}


def test_a_points_sizes_are_its_tasks_own():
    first = accuracy.points()[0]
    small = entries.at_sizes(str(accuracy.CALIBRATED / "tasks" / "chain.py"), {"elements": 7, "steps": 3})
    assert first.task.source.replace("25000000", "7").replace("steps = 0", "steps = 3") == small.source
    (only,) = inputs(load(small.source, small.id))
    assert only.shape == (7,)
