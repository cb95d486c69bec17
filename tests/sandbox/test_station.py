"""What becomes of a card that is unwell, told by judges that say what they are told to."""

import pytest

from sandbox.devices import choose
from sandbox.evaluation import Candidate, Evaluation, SandboxError, Verdict
from sandbox.station import PutAsideError, Station
from sandbox.trial import JudgeBench
from sandbox.wire import Job, MeasurePlan, Report
from tasks.task import Task

TASK = Task("tests/any", "class Model: ...")
JOB = Job(TASK, Candidate("class ModelNew: ..."))
WRONG = Evaluation(Verdict.WRONG, "off")
WELL, HARMED = Report(WRONG), Report(WRONG, unwell="a sum is wrong")


class FakeJudge:
    """Greets with a line, then gives its reports in order; an exception among them is raised."""

    def __init__(self, greeting="", *reports):
        self.greeting, self.reports = greeting, list(reports)
        self.hinted, self.alive = [], True

    def greet(self):
        return self.greeting

    def hint(self, job):
        self.hinted.append(job)

    def answer(self, job):
        report = self.reports.pop(0)
        if isinstance(report, BaseException):
            raise report
        return report

    def kill(self):
        self.alive = False


def station(*judges):
    return Station("GPU-1", iter(judges).__next__)


def test_a_judge_whose_card_is_well_is_kept():
    judge = FakeJudge("", WELL, WELL)
    seat = station(judge)
    assert seat.answer(JOB) is WELL
    assert seat.answer(JOB) is WELL
    assert judge.alive


def test_a_card_unwell_after_a_candidate_gets_a_fresh_judge_and_the_candidate_is_judged_again():
    harmed, fresh = FakeJudge("", HARMED), FakeJudge("", WELL)
    seat = station(harmed, fresh)
    assert seat.answer(JOB) is WELL
    assert (harmed.alive, fresh.alive) == (False, True)


def test_a_candidate_that_harms_every_time_costs_no_card():
    judges = [FakeJudge("", HARMED), FakeJudge("", HARMED), FakeJudge("", WELL)]
    seat = station(*judges)
    report = seat.answer(JOB)
    assert report.evaluation.verdict is Verdict.WRONG
    assert report.evaluation.notes == ("the card was unwell afterwards: a sum is wrong",)
    assert seat.answer(JOB) is WELL
    assert not seat.put_aside


@pytest.mark.parametrize(
    "judges",
    [
        (FakeJudge("", HARMED), FakeJudge("fell off the bus")),
        (FakeJudge("fell off the bus"), FakeJudge("fell off the bus")),
    ],
)
def test_a_card_that_fails_twice_is_put_aside_by_name(judges):
    seat = station(*judges)
    with pytest.raises(PutAsideError, match="card GPU-1 failed twice and is put aside: fell off the bus"):
        seat.answer(JOB)
    assert not any(each.alive for each in judges)


def test_one_bad_start_is_forgiven():
    seat = station(FakeJudge("busy"), FakeJudge("", WELL), FakeJudge("busy"))
    assert seat.answer(JOB) is WELL
    assert not seat.put_aside


def test_a_judge_that_dies_is_replaced_for_the_next_job():
    dying, fresh = FakeJudge("", SandboxError("died")), FakeJudge("", WELL)
    seat = station(dying, fresh)
    with pytest.raises(SandboxError, match="died"):
        seat.answer(JOB)
    assert not dying.alive
    assert seat.answer(JOB) is WELL


def bench_of(*stations):
    bench = JudgeBench(choose("rtx4090", "emulated"), MeasurePlan())
    bench._stations = list(stations)
    return bench


def test_the_work_of_a_card_that_is_put_aside_goes_elsewhere():
    sick, sound = station(FakeJudge("no"), FakeJudge("no")), station(FakeJudge("", WELL, WELL))
    bench = bench_of(sick, sound)
    assert bench.evaluate(TASK, JOB.candidate) == WRONG
    assert sick.put_aside
    assert bench.evaluate(TASK, JOB.candidate) == WRONG


def test_without_a_card_left_the_error_names_them_all():
    bench = bench_of(
        Station("GPU-1", iter([FakeJudge("no"), FakeJudge("no")]).__next__),
        Station("GPU-2", iter([FakeJudge("no"), FakeJudge("no")]).__next__),
    )
    with pytest.raises(SandboxError, match="GPU-1 failed twice.*GPU-2 failed twice"):
        bench.evaluate(TASK, JOB.candidate)


def test_a_hint_goes_to_a_free_judge_and_its_candidate_follows_it():
    told, other = FakeJudge("", WELL), FakeJudge("", WELL)
    bench = bench_of(station(told), station(other))
    bench.prepare(TASK, Candidate("no python ="))
    bench.prepare(TASK, JOB.candidate)
    assert [each.prepare for each in told.hinted] == [True]
    bench._stations.reverse()
    bench.evaluate(TASK, JOB.candidate)
    assert (told.reports, other.reports) == ([], [WELL])


def test_all_are_evaluated_in_order_and_a_fault_stands_in_its_place():
    first, fault, last = Report(Evaluation(Verdict.WRONG, "1")), Report(fault="no Model"), WELL
    judge = FakeJudge("", first, fault, last)
    candidates = [Candidate(f"class ModelNew: {n}") for n in range(3)]
    found = bench_of(station(judge)).evaluate_all([(TASK, each) for each in candidates])
    assert [str(getattr(each, "message", each)) for each in found] == ["1", "no Model", "off"]
    assert [each.candidate for each in judge.hinted] == candidates[1:]
