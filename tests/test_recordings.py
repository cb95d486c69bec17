"""The shipped recordings: real answers that are judged anew, so that spoiling one is noticed."""

from pathlib import Path

import pytest

import agent.llm
from agent.llm.recording import load
from prompts.reply import extract
from sandbox.evaluation import Candidate, Verdict
from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan
from tasks.catalog import find_one

FOLDER = Path(agent.llm.__file__).parent / "recordings"
FILES = sorted(FOLDER.glob("*/*.jsonl"))
ZEROED = """

class _Honest(ModelNew):
    pass


class ModelNew(_Honest):
    def forward(self, *inputs):
        return super().forward(*inputs).zero_()
"""


@pytest.fixture(scope="module")
def bench():
    opened = open_bench(None, MeasurePlan(), place="emulated")
    yield opened
    opened.close()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_recording_begins_with_a_seed_and_is_of_a_task_that_exists(file):
    recordings = load(file)
    task = find_one(recordings[0].move.task)
    assert file.stem == task.id.replace("/", "__")
    assert recordings[0].move.stage == "seed"
    assert {each.move.task for each in recordings} == {task.id}
    assert all(each.text.strip() and each.model for each in recordings)


def test_there_are_at_least_eight_replies_a_task_without_a_card():
    counts = {file.stem: len(load(file)) for file in FILES if file.parent.name == "emulated"}
    assert len(counts) >= 3
    assert min(counts.values()) >= 8, counts


def test_a_recorded_kernel_is_correct_and_with_its_output_zeroed_wrong(bench):
    task = find_one("conv2d_min_add_scale")
    source = extract(load(FOLDER / "emulated" / "examples__conv2d_min_add_scale.jsonl")[0].text).source
    assert source
    assert bench.evaluate(task, Candidate(source)).verdict is Verdict.CORRECT
    spoilt = bench.evaluate(task, Candidate(source + ZEROED))
    assert spoilt.verdict is Verdict.WRONG
    assert "got 0" in spoilt.message
