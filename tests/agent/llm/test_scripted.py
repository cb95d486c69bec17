"""Answers in order, also over a kill."""

import json

import pytest

from agent.llm import Finish, LlmError, Move, OutOfReplies, Reply, Usage
from agent.llm.scripted import Scripted, make
from prompts.library import Prompt

PROMPT = Prompt("", "user")


def move(repetition, task="t"):
    return Move(task, "seed", (), repetition)


def texts(llm, *moves):
    return [llm.complete(PROMPT, each).text for each in moves]


def test_each_task_goes_through_the_answers_and_a_move_keeps_its_own():
    llm = Scripted(["a", "b"])
    assert texts(llm, move(0), move(1), move(0), move(0, "other"), move(1, "other")) == ["a", "b", "a", "a", "b"]
    with pytest.raises(OutOfReplies, match="2 answers, and this is question 3"):
        llm.complete(PROMPT, move(2))


def test_a_new_process_goes_on_by_the_log(tmp_path):
    log = tmp_path / "asked"
    assert texts(Scripted(["a", "b", "c"], log), move(5), move(7)) == ["a", "b"]
    assert texts(Scripted(["a", "b", "c"], log), move(9), move(7)) == ["c", "b"]
    assert log.read_text().splitlines() == [f"t\t{move(n).key}" for n in (5, 7, 9, 7)]


def test_a_question_is_logged_even_if_there_is_no_answer(tmp_path):
    with pytest.raises(OutOfReplies):
        Scripted([], tmp_path / "asked").complete(PROMPT, move(0))
    assert (tmp_path / "asked").read_text() == f"t\t{move(0).key}\n"


def test_a_file_holds_texts_or_whole_replies(tmp_path):
    file = tmp_path / "answers.json"
    whole = {"text": "b", "finish": "truncated", "usage": {"output_tokens": 9, "usd": 0.5}, "model": "m"}
    file.write_text(json.dumps(["a", whole]))
    llm = make(file=str(file), answers=("first",), paid=True)
    assert llm.paid
    assert texts(llm, move(0), move(1)) == ["first", "a"]
    assert llm.complete(PROMPT, move(2)) == Reply("b", Finish.TRUNCATED, Usage(None, 9, 0.5), "m")


@pytest.mark.parametrize("text", ["{", "3", '[{"txt": "a"}]', "[3]"])
def test_a_broken_file_is_named(tmp_path, text):
    (tmp_path / "answers.json").write_text(text)
    with pytest.raises(LlmError, match="answers.json: "):
        make(file=str(tmp_path / "answers.json"))


def test_no_answers_at_all_are_wrong_use():
    with pytest.raises(LlmError, match="no answers"):
        make().check("t")
