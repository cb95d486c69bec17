"""What every model backend keeps to, whatever stands behind it."""

import pytest
from loopback import answer, loopback, refusal

from agent.llm import Finish, LlmError, Move, Reply, Usage
from agent.llm.mailbox import make as mailbox
from agent.llm.openai_compatible import OpenAiCompatible
from agent.llm.provider import Provider
from agent.llm.recorded import make as recorded
from agent.llm.recording import save
from agent.llm.scripted import make as scripted
from prompts.library import Prompt

ANSWERED = [Move("examples/softmax", "seed", (), 0), Move("examples/softmax", "repair", ("ab",), 0)]
UNANSWERED = Move("examples/softmax", "grid", ("ab",), 3)


def through_recordings(folder):
    save(folder / "examples__softmax.jsonl", [(move, "", Reply(move.key, model="m")) for move in ANSWERED])
    yield recorded(place="emulated", folder=str(folder))


def through_a_mailbox(folder):
    for move in ANSWERED:
        (folder / f"examples.softmax.{move.stage}.0.{move.key}.answer.md").write_text(move.key)
    yield mailbox(home=folder, folder=str(folder))


def through_a_script(folder):
    yield scripted(answers=tuple(move.key for move in ANSWERED), log=str(folder / "log"))


def through_a_server(folder):
    answers = {move.stage: move.key for move in ANSWERED}

    def respond(asked):
        stage = asked["messages"][-1]["content"]
        return answer(answers[stage]) if stage in answers else refusal(400, "two\nlines")

    with loopback() as server:
        server.responses = [respond]
        yield OpenAiCompatible("house", Provider(server.base_url), "m")


def ask(llm, move):
    return llm.complete(Prompt("system", move.stage), move)


@pytest.fixture(params=[through_recordings, through_a_mailbox, through_a_script, through_a_server])
def llm(request, tmp_path):
    yield from request.param(tmp_path)


def test_check_lets_a_task_begin_and_says_nothing(llm):
    assert llm.check("examples/softmax") is None
    assert llm.notices == []


def test_each_move_gets_its_own_answer_and_the_same_one_again(llm):
    first = [ask(llm, move) for move in ANSWERED]
    assert [reply.text for reply in first] == [move.key for move in ANSWERED]
    assert [ask(llm, move) for move in ANSWERED] == first


def test_a_reply_is_whole(llm):
    reply = ask(llm, ANSWERED[0])
    assert isinstance(reply, Reply)
    assert isinstance(reply.finish, Finish)
    assert isinstance(reply.usage, Usage)


def test_whether_it_may_cost_money_is_known_before_anything_is_asked(llm):
    assert llm.paid in (True, False)


def test_what_cannot_be_answered_is_an_llm_error_of_one_line(llm):
    for move in ANSWERED:
        ask(llm, move)
    with pytest.raises(LlmError) as caught:
        ask(llm, UNANSWERED)
    assert str(caught.value)
    assert "\n" not in str(caught.value)


def test_notices_are_lines(llm):
    for _ in range(3):
        ask(llm, ANSWERED[0])
    assert all(isinstance(line, str) and line and "\n" not in line for line in llm.notices)
