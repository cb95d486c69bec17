"""Prompts and answers as files."""

import pytest

from agent.llm import Finish, LlmError, Move, ReplyPending, Usage
from agent.llm.mailbox import make
from prompts.library import Prompt

MOVE = Move("examples/softmax", "seed", (), 0)
STEM = f"examples.softmax.seed.0.{MOVE.key}"
PROMPT = Prompt("be brief", "write a kernel\n\n# with a heading")


@pytest.fixture
def box(tmp_path):
    return make(home=tmp_path)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mailbox").mkdir()
    return tmp_path / "mailbox"


def test_a_prompt_is_put_there_with_both_its_parts(box, folder):
    with pytest.raises(ReplyPending, match=f"waiting for {folder}/{STEM}.answer.md"):
        box.complete(PROMPT, MOVE)
    assert [file.name for file in folder.iterdir()] == [f"{STEM}.prompt.md"]
    assert (folder / f"{STEM}.prompt.md").read_text() == (
        "===== SYSTEM =====\n\nbe brief\n\n===== USER =====\n\nwrite a kernel\n\n# with a heading\n"
    )


def test_a_prompt_that_lies_there_is_not_written_again_and_a_reworded_one_is(box, folder):
    file = folder / f"{STEM}.prompt.md"
    with pytest.raises(ReplyPending):
        box.complete(PROMPT, MOVE)
    written = file.stat().st_ino
    with pytest.raises(ReplyPending):
        box.complete(PROMPT, MOVE)
    assert file.stat().st_ino == written
    with pytest.raises(ReplyPending):
        box.complete(Prompt("", "other"), MOVE)
    assert file.read_text() == "===== USER =====\n\nother\n"


def test_an_answer_is_taken_as_it_is_and_its_prompt_left_alone(box, folder):
    (folder / f"{STEM}.answer.md").write_bytes(b"\xef\xbb\xbfa\r\nb\n")
    reply = box.complete(PROMPT, MOVE)
    assert (reply.text, reply.model, reply.finish, reply.usage) == ("a\r\nb\n", "", Finish.DONE, Usage())
    assert not (folder / f"{STEM}.prompt.md").exists()


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_answer_is_not_there_yet(box, folder, text):
    (folder / f"{STEM}.answer.md").write_text(text)
    with pytest.raises(ReplyPending):
        box.complete(PROMPT, MOVE)


def test_a_sidecar_says_who_answered(folder, tmp_path):
    box = make(home=tmp_path, model="a person")
    (folder / f"{STEM}.answer.md").write_text("code")
    assert box.complete(PROMPT, MOVE).model == "a person"
    (folder / f"{STEM}.answer.json").write_text('{"model": "m-1", "usage": {"input_tokens": 5}, "finish": "truncated"}')
    reply = box.complete(PROMPT, MOVE)
    assert (reply.model, reply.usage, reply.finish) == ("m-1", Usage(5), Finish.TRUNCATED)


@pytest.mark.parametrize("text", ["{", '{"modle": "m"}', '{"usage": 3}', "[]"])
def test_a_broken_sidecar_is_named(box, folder, text):
    (folder / f"{STEM}.answer.md").write_text("code")
    (folder / f"{STEM}.answer.json").write_text(text)
    with pytest.raises(LlmError, match=f"{STEM}.answer.json: "):
        box.complete(PROMPT, MOVE)


def test_an_answer_that_is_not_text_is_named(box, folder):
    (folder / f"{STEM}.answer.md").write_bytes(b"abc\xff")
    with pytest.raises(LlmError, match=f"{STEM}.answer.md is not UTF-8.*byte 3") as caught:
        box.complete(PROMPT, MOVE)
    assert not isinstance(caught.value, ReplyPending)


def test_any_task_name_makes_one_file_in_the_folder(box, folder):
    for task in ("../../etc/passwd", "/home/me/my task.py", "a\nb", "x" * 400, "ünï/cödé"):
        with pytest.raises(ReplyPending) as caught:
            box.complete(PROMPT, Move(task, "seed", (), 0))
        assert "\n" not in str(caught.value)
    assert len(list(folder.iterdir())) == 5
    assert all(file.is_file() and not file.name.startswith(".") for file in folder.iterdir())


def test_a_folder_of_ones_own_is_made(tmp_path):
    make(home=tmp_path, folder=str(tmp_path / "here" / "there")).check("any/task")
    assert (tmp_path / "here" / "there").is_dir()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    box = make(home=tmp_path, folder=str(tmp_path / "file" / "box"))
    with pytest.raises(LlmError, match="cannot make .*file/box"):
        box.check("any/task")
    with pytest.raises(LlmError, match="mailbox: cannot read"):
        box.complete(PROMPT, MOVE)
