"""What every journal owes the loop: order, filters, durability against other openers, and no reading of half a row."""

import subprocess
import sys
from pathlib import Path

import pytest
from fakes import EMULATED, TASK

from agent.events import MovesProposed, RunEnded, RunStarted, WorkBegan
from agent.journal import Journal

ROOT = Path(__file__).parents[2]
STARTED = RunStarted(TASK, "{}", EMULATED)


@pytest.fixture(params=[Journal])
def opened(request, tmp_path):
    """A function that opens the same journal again and again."""
    made = []

    def open_journal(**more):
        made.append(request.param(tmp_path, **more))
        return made[-1]

    yield open_journal
    for journal in made:
        journal.close()


def test_events_come_back_as_they_were_in_the_order_of_writing(opened):
    journal = opened(clock=iter([10.0, 5.0, 11.5]).__next__)
    wanted = [STARTED, MovesProposed(()), RunEnded("done")]
    written = [journal.append("r", "t", event) for event in wanted]
    assert list(journal.read()) == written
    assert [entry.event for entry in written] == wanted
    assert [entry.at for entry in written] == [10.0, 5.0, 11.5]
    assert written[0].seq < written[1].seq < written[2].seq


def test_reading_can_be_narrowed(opened):
    journal = opened()
    for run, task, event in [
        ("r", "t", STARTED),
        ("q", "t", STARTED),
        ("q", "u", RunEnded("1")),
        ("r", "u", WorkBegan()),
    ]:
        journal.append(run, task, event)
    places = [(e.run, e.task) for e in journal.read()]
    assert [(e.run, e.task) for e in journal.read(run="q")] == [("q", "t"), ("q", "u")]
    assert [(e.run, e.task) for e in journal.read(task="u")] == [("q", "u"), ("r", "u")]
    assert [(e.run, e.task) for e in journal.read("r", "t")] == [("r", "t")]
    assert [type(e.event) for e in journal.read(kinds=(RunEnded, WorkBegan))] == [RunEnded, WorkBegan]
    second = list(journal.read())[1].seq
    assert [(e.run, e.task) for e in journal.read(after=second)] == places[2:]
    assert list(journal.read("nobody")) == []


def test_another_opener_sees_what_was_written(opened):
    first, second = opened(), opened()
    first.append("r", "t", STARTED)
    assert [e.event for e in second.read()] == [STARTED]
    second.append("r", "t", RunEnded("done"))
    assert [e.event for e in first.read()] == [STARTED, RunEnded("done")]


def test_a_reader_may_append_while_it_reads(opened):
    journal = opened()
    for _ in range(3):
        journal.append("r", "t", WorkBegan())
    seen = 0
    for entry in journal.read("r"):
        journal.append("copy", "t", entry.event)
        seen += 1
    assert seen == 3
    assert len(list(journal.read("copy"))) == 3


WRITER = """
import sys
from pathlib import Path
from agent.events import RunEnded
from agent.journal import Journal
print("ready", flush=True)
sys.stdin.readline()
with Journal(Path(sys.argv[1])) as journal:
    for number in range(50):
        journal.append(sys.argv[2], "t", RunEnded(str(number)))
"""


def test_many_processes_may_open_it_for_the_first_time_and_write_at_once(tmp_path):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, tmp_path, f"run-{n}"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 4
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0] * 4
    with Journal(tmp_path) as journal:
        for n in range(4):
            assert [e.event.reason for e in journal.read(f"run-{n}")] == [str(number) for number in range(50)]
