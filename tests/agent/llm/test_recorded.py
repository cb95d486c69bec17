"""Recordings: written and read back whole, and found by moves."""

import pytest
from fakes import ALL_STAGES
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.home import HomeError
from agent.llm import Finish, LlmError, Move, OutOfReplies, Reply, Usage
from agent.llm.recorded import Recorded, make
from agent.llm.recording import load, save
from prompts.library import Library, Prompt

COUNT = st.none() | st.integers(0, 10**9)
DOLLARS = st.none() | st.floats(0, 1e6)
WORDS = st.text(st.characters())
MOVES = st.builds(Move, st.text(), st.text(), st.lists(st.text(), max_size=2).map(tuple), st.integers(0, 9))
REPLIES = st.builds(
    Reply, WORDS, st.sampled_from(Finish), st.builds(Usage, COUNT, COUNT, DOLLARS), st.text(), st.text()
)
LINES = st.lists(st.tuples(MOVES, st.text(), REPLIES), max_size=4, unique_by=lambda line: line[0].key)

SEED = Move("examples/softmax", "seed", (), 0)
REPAIR = Move("examples/softmax", "repair", ("0123456789abcdef",), 1)
PROMPT = Prompt("system", "user")


@pytest.fixture
def recorded(tmp_path):
    replies = [(SEED, PROMPT.digest, Reply("first")), (REPAIR, "another", Reply("second"))]
    save(tmp_path / "examples__softmax.jsonl", replies)
    return Recorded(tmp_path, "emulated")


@given(LINES)
@settings(max_examples=50, deadline=None)  # each waits for the disk
def test_what_is_saved_is_loaded(tmp_path_factory, lines):
    file = tmp_path_factory.mktemp("recordings") / "deeper" / "task.jsonl"
    save(file, lines)
    assert [(each.move, each.prompt_digest, each.reply) for each in load(file)] == lines
    assert [each.name for each in file.parent.iterdir()] == ["task.jsonl"]


def test_one_line_a_reply(recorded, tmp_path):
    assert (tmp_path / "examples__softmax.jsonl").read_text().count("\n") == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}\n", "line 1: .*move"),
        ("\n{broken\n", "line 2: "),
        ('{"move": 3}\n', "line 1: .*dict"),
        (b"\xff", "cannot be read"),
    ],
)
def test_a_broken_recording_names_its_line(tmp_path, text, words):
    file = tmp_path / "t.jsonl"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(LlmError, match=words) as caught:
        load(file)
    assert str(file) in str(caught.value)


def test_two_replies_to_one_move_are_refused(tmp_path):
    save(tmp_path / "t.jsonl", [(SEED, "d", Reply("a")), (SEED, "d", Reply("b"))])
    with pytest.raises(LlmError, match="line 2: a second reply"):
        load(tmp_path / "t.jsonl")


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="cannot write .*file/t.jsonl"):
        save(tmp_path / "file" / "t.jsonl", [])


def test_a_failed_write_leaves_nothing_behind(tmp_path):
    (tmp_path / "t.jsonl").mkdir()
    with pytest.raises(HomeError, match="cannot write"):
        save(tmp_path / "t.jsonl", [])
    assert [each.name for each in tmp_path.iterdir()] == ["t.jsonl"]


def test_a_recording_written_by_another_program_is_read_by_its_line_ends_alone(recorded, tmp_path):
    file = tmp_path / "examples__softmax.jsonl"
    file.write_text(file.read_text().replace("first", "fi\u2028rst"))
    assert load(file)[0].text == "fi\u2028rst"


def test_a_reply_is_found_by_its_move(recorded):
    assert recorded.complete(PROMPT, REPAIR).text == "second"
    assert recorded.complete(PROMPT, SEED).text == "first"


def test_reworded_prompts_are_counted_and_nothing_else_is_noticed(recorded):
    recorded.complete(PROMPT, SEED)
    assert recorded.notices == []
    recorded.complete(PROMPT, REPAIR)
    assert recorded.notices[0].startswith("1 of 2 replies were recorded for other words")


def test_a_move_that_was_not_recorded_leaves_the_recording(recorded):
    with pytest.raises(OutOfReplies, match="left its recording: .* stage grid from ab, repetition 2"):
        recorded.complete(PROMPT, Move("examples/softmax", "grid", ("ab",), 2))


def test_a_task_without_recordings_is_refused_before_the_run(recorded):
    recorded.check("examples/softmax")
    with pytest.raises(LlmError, match="task examples/matmul judged in the place 'emulated'.*examples/softmax.*--llm"):
        recorded.check("examples/matmul")


def test_the_place_chooses_among_the_shipped_and_a_folder_stands_alone(tmp_path):
    save(tmp_path / "examples__softmax.jsonl", [(SEED, "d", Reply("mine"))])
    assert make(place="cuda", folder=str(tmp_path)).complete(PROMPT, SEED).text == "mine"
    for place in ("cuda", "emulated"):
        with pytest.raises(LlmError, match=f"'{place}'"):
            make(place=place).check("nobody's/task")


def test_stages_are_left_out_where_the_task_itself_has_no_reply_and_that_is_said(recorded, tmp_path):
    save(tmp_path / "another.jsonl", [(Move("another", "analyse", ("ab",), 0), "d", Reply("{}"))])
    plain = ["seed", "repair", "grid", "tiling", "memory"]
    assert [each.name for each in recorded.answered(ALL_STAGES, SEED.task)] == plain
    line = "no reply is recorded to a stage analyse or combine or rewrite for examples/softmax"
    assert recorded.notices == [f"{line}: the search goes without"]
    assert len(recorded.answered(ALL_STAGES, "another")) == len(ALL_STAGES) - 1
    assert recorded.notices[1:] == ["no reply is recorded to a stage combine for another: the search goes without"]


def test_tasks_that_go_without_the_same_stages_share_a_line(recorded, tmp_path):
    save(tmp_path / "another.jsonl", [(Move("another", "seed", (), 0), "d", Reply("s"))])
    for task in (SEED.task, "another", "another"):
        recorded.answered(ALL_STAGES, task)
    (line,) = recorded.notices
    assert "rewrite for another, examples/softmax: the" in line


def test_a_broken_recording_of_another_task_is_not_looked_at(recorded, tmp_path):
    (tmp_path / "another.jsonl").write_text("{broken\n")
    assert recorded.answered(ALL_STAGES, SEED.task)
    with pytest.raises(LlmError, match="another.jsonl, line 1"):
        recorded.answered(ALL_STAGES, "another")


@pytest.mark.parametrize(("place", "plans"), [("cuda", ["analyse", "rewrite"]), ("emulated", [])])
def test_a_shipped_recording_is_asked_for_plans_where_it_has_some(place, plans):
    task = "examples/gemm_bias_gelu"
    names = [each.name for each in make(place=place).answered(list(Library().stages.values()), task)]
    assert sorted(names) == sorted(["fine", "grid", "memory", "repair", "seed", "tiling", *plans])
