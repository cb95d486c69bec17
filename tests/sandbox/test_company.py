"""Whether a candidate is blamed for what those took that were built beside it."""

import pytest

from sandbox.child.card import CardError
from sandbox.devices import choose
from sandbox.evaluation import Candidate, Environment, Evaluation, Verdict
from sandbox.health import NoCard
from sandbox.judging import Judge
from sandbox.wire import Job
from tasks.task import Task, TaskError

JOB = Job(Task("tests/any", "class Model: ..."), Candidate("class ModelNew: ..."))
WRONG, CRASHED, STARVED = (Evaluation(each) for each in (Verdict.WRONG, Verdict.CRASHED, Verdict.OUT_OF_MEMORY))


class Company:
    def __init__(self, living):
        self.living = living

    def clear(self):
        self.living = False

    def pause(self):
        pass


class Crowd(NoCard):
    def crowded(self):
        return True


@pytest.fixture
def judged(monkeypatch):
    """Judges with what each try gives, in company or alone; gives the answer and the tries that were left."""
    made = []

    def judge(*tries, probe, living):
        made.append(Judge(choose("rtx4090", "emulated"), Environment("emulated", "any", ""), probe))
        left = list(tries)

        def once(job, *, alone=False):
            assert alone == (len(left) < len(tries))
            found = left.pop(0)
            if isinstance(found, BaseException):
                raise found
            return found

        monkeypatch.setattr(made[-1], "prepared", Company(living))
        monkeypatch.setattr(made[-1], "_once", once)
        return made[-1].evaluate(JOB), left

    yield judge
    for each in made:
        each.nursery.close()


@pytest.mark.parametrize(
    "first", [STARVED, Evaluation(Verdict.TIMED_OUT), CardError("no"), MemoryError(), TaskError("no")]
)
def test_want_in_company_is_no_verdict(judged, first):
    assert judged(first, WRONG, probe=NoCard(), living=True) == (WRONG, [])


def test_want_alone_is_one(judged):
    assert judged(STARVED, WRONG, probe=NoCard(), living=False) == (STARVED, [WRONG])
    for fault in (MemoryError(), TaskError("no")):
        with pytest.raises(type(fault)):
            judged(fault, WRONG, probe=NoCard(), living=False)


def test_a_crash_counts_unless_company_took_too_much(judged):
    assert judged(CRASHED, WRONG, probe=NoCard(), living=True) == (CRASHED, [WRONG])
    assert judged(CRASHED, WRONG, probe=Crowd(), living=True) == (WRONG, [])


def test_a_probe_that_raises_is_what_is_wrong(judged, monkeypatch):
    class Broken(NoCard):
        def unwell(self, *, company):
            raise RuntimeError("CUDA error:\nunspecified launch failure")

    judge = Judge(choose("rtx4090", "emulated"), Environment("emulated", "any", ""), Broken())
    assert judge.unwell() == "CUDA error: unspecified launch failure"
    judge.nursery.close()
