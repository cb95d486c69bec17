"""What servers really answer, from a real server on this machine; nobody waits between two attempts."""

import asyncio
import sys
import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from loopback import answer, chunk, cut, html, json_of, refusal, sse, whole
from starlette.responses import Response, StreamingResponse

from agent.llm import Finish, LlmError, Usage
from agent.llm.openai_compatible import OpenAiCompatible, Settings
from agent.llm.provider import Price, Provider
from prompts.library import Prompt

KEY = "sk-very-secret"


class Asking:
    """A client of the server, the prompt and move that it puts, and the pauses that it made."""

    def __init__(self, server, prompt, move):
        self.server, self.prompt, self.move = server, prompt, move
        self.pauses = []

    def client(self, prices=None, model="m", **settings):
        provider = Provider(self.server.base_url, "", "ASKING_KEY", usd_per_million_tokens=prices or {})
        return OpenAiCompatible("house", provider, model, Settings(**settings), self.pauses.append)

    def __call__(self, *responses, **settings):
        self.server.responses = list(responses) or self.server.responses
        return self.client(**settings).complete(self.prompt, self.move)

    def fails(self, *responses, **settings):
        with pytest.raises(LlmError) as caught:
            self(*responses, **settings)
        message = str(caught.value)
        assert "\n" not in message
        assert KEY not in message
        return message


@pytest.fixture
def ask(server, prompt, move, monkeypatch):
    monkeypatch.setenv("ASKING_KEY", KEY)
    return Asking(server, prompt, move)


def test_an_ordinary_answer_keeps_text_model_finish_and_usage(ask):
    reply = ask()
    assert (reply.text, reply.model, reply.finish) == ("hello", "echo-1", Finish.DONE)
    assert reply.usage == Usage(7, 3, None)
    asked = ask.server.asked[0]
    assert asked["messages"] == [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "write a kernel"},
    ]
    assert (asked["model"], asked["stream"], asked["stream_options"]) == ("m", True, {"include_usage": True})
    assert asked["max_completion_tokens"] == 16384
    assert not {"temperature", "seed", "reasoning_effort"} & set(asked)
    assert ask.server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_no_system_words_no_system_message(ask):
    ask.prompt = Prompt("", "alone")
    ask()
    assert [message["role"] for message in ask.server.asked[0]["messages"]] == ["user"]


def test_the_price_comes_from_the_table(ask):
    assert ask(prices={"m": Price(1.0, 10.0)}).usage.usd == pytest.approx(37e-6)
    assert ask(prices={"other": Price(1.0, 10.0)}).usage.usd is None
    assert ask(prices={"*": Price(0, 0)}).usage.usd == 0.0


def test_a_server_in_a_providers_place_has_prices_of_its_own(ask):
    provider = Provider("https://elsewhere.invalid/v1", "", "ASKING_KEY", "", {"m": Price(1.0, 10.0)})
    client = OpenAiCompatible("house", provider, "m", Settings(base_url=ask.server.base_url))
    assert client.complete(ask.prompt, ask.move).usage.usd is None


def test_what_the_server_says_it_billed_beats_the_table(ask):
    billed = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3, "cost": 0.5}}
    assert ask(sse(chunk("a", "stop"), billed), prices={"m": Price(1.0, 10.0)}).usage.usd == 0.5


def test_without_usage_nothing_is_made_up(ask):
    assert ask(answer(usage=False), prices={"m": Price(1.0, 10.0)}).usage == Usage(None, None, None)
    assert ask(answer(usage=False), prices={"m": Price(0.0, 0.0)}).usage.usd == 0.0


@pytest.mark.parametrize(
    ("word", "finish"),
    [
        ("stop", Finish.DONE),
        ("length", Finish.TRUNCATED),
        ("content_filter", Finish.FILTERED),
        (None, Finish.TRUNCATED),
    ],
)
def test_why_the_model_stopped(ask, word, finish):
    assert ask(answer("x", word)).finish is finish


def test_a_stream_that_ends_without_a_reason_is_truncated(ask):
    reply = ask(sse(chunk("half a ker"), done=False))
    assert (reply.text, reply.finish) == ("half a ker", Finish.TRUNCATED)


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_reasoning_is_kept_apart(ask, field):
    reply = ask(sse(chunk(None, **{field: "hm "}), chunk("code", **{field: "so"}), chunk(finish="stop")))
    assert (reply.reasoning, reply.text) == ("hm so", "code")


def test_content_in_parts(ask):
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "code"}]
    reply = ask(whole({"content": parts}))
    assert (reply.reasoning, reply.text) == ("hm", "code")


def test_a_server_that_does_not_stream(ask):
    reply = ask(whole({"content": "hi"}, usage={"prompt_tokens": 1, "completion_tokens": 2}))
    assert (reply.text, reply.finish, reply.usage) == ("hi", Finish.DONE, Usage(1, 2, None))


def test_null_content_is_an_empty_answer(ask):
    assert ask(whole({"content": None}, "length")).text == ""
    assert ask(sse(chunk(None, "stop", content=None))).text == ""


def test_a_refusal_is_filtered(ask):
    reply = ask(sse(chunk(None, refusal="I will not"), chunk(finish="stop")))
    assert (reply.finish, reply.text) == (Finish.FILTERED, "I will not")


PASSING = {
    "429": refusal(429),
    "408": refusal(408),
    "409": refusal(409),
    "503": refusal(503),
    "500 with a page": html(500),
    "502 with a page": html(502),
    "broken JSON": json_of("{broken"),
    "broken JSON in a stream": sse("{broken"),
    "words in a stream": sse('"plain words, no table"'),
    "no UTF-8": Response(b"data: \xff\xfe\n\n", media_type="text/event-stream"),
    "empty choices": json_of({"choices": []}),
    "choices None": json_of({"choices": None}),
    "a list": json_of("[1, 2]"),
    "an error for an answer": json_of({"error": {"message": "upstream", "code": 502}, "choices": None}),
    "an error in words": json_of({"error": "upstream", "choices": None}),
    "an error in a stream": sse(chunk("half"), {"error": {"message": "overloaded", "type": "overloaded_error"}}),
    "an error as a reason": sse(chunk("half", "error")),
    "an empty stream": sse(done=False),
    "a cut stream": cut(chunk("half")),
    "a cut document": Response(b'{"cho', headers={"content-length": "99"}, media_type="application/json"),
}


@pytest.mark.parametrize("passing", PASSING.values(), ids=PASSING)
def test_what_passes_is_asked_again(ask, passing):
    assert ask(passing, answer("at last")).text == "at last"
    assert len(ask.server.asked) == 2
    assert len(ask.pauses) == 1


@pytest.mark.parametrize(
    ("lasting", "words"),
    [
        (refusal(400, "bad request"), "bad request"),
        (refusal(401, f"Incorrect API key provided: {KEY}"), "does not take the key in ASKING_KEY"),
        (refusal(402, "Insufficient Balance"), "Insufficient Balance"),
        (refusal(403, "your country"), "403: your country"),
        (refusal(404, "nope"), "has no model 'm', or the base URL is wrong"),
        (json_of({"detail": "unreadable"}, 422), "422: unreadable"),
        (refusal(429, "pay", code="insufficient_quota"), "no quota left: pay"),
        (refusal(429, "pay", type="insufficient_quota"), "no quota left: pay"),
        (html(), "answered with a web page: 'http://127.0.0.1"),
        (html(404), "has no model 'm', or the base URL is wrong: a web page"),
        (sse({"error": {"message": "too long", "code": "context_length_exceeded"}}), "too long"),
        (json_of({"error": {"message": "bad key", "code": 401}, "choices": None}), "bad key"),
    ],
)
def test_what_lasts_is_said_in_one_line(ask, lasting, words):
    assert words in ask.fails(lasting)
    assert len(ask.server.asked) == 1
    assert ask.pauses == []


def test_after_the_last_attempt_it_says_how_often(ask):
    assert "answered 503: no (asked 3 times)" in ask.fails(refusal(503), attempts=3)
    assert len(ask.server.asked) == 3
    assert ask.pauses == sorted(ask.pauses)
    assert "asked once" in ask.fails(refusal(503), attempts=1)


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"retry_after": "7"}, 7, 7),
        ({"retry_after": "0.25"}, 0.25, 0.25),
        ({"retry_after_ms": "1500", "retry_after": "9"}, 1.5, 1.5),
        ({"retry_after": "300"}, 60, 60),
        ({"retry_after": format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)}, 60, 60),
        ({"retry_after": format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)}, 0, 0),
        ({"retry_after": "soon"}, 1, 2),
        ({}, 1, 2),
    ],
)
def test_the_pause_is_what_the_server_asks_for_up_to_our_own_cap(ask, headers, low, high):
    ask(refusal(429, headers=headers), answer())
    assert low <= ask.pauses[0] <= high


def test_max_completion_tokens_falls_back_and_the_dialect_is_kept(ask):
    def old_server(asked):
        if "max_completion_tokens" in asked:
            return refusal(400, "Unrecognized request argument supplied: max_completion_tokens")
        return answer()

    ask.server.responses = [old_server]
    client = ask.client(max_output_tokens=99)
    client.complete(ask.prompt, ask.move)
    client.complete(ask.prompt, ask.move)
    assert ["max_completion_tokens" in asked for asked in ask.server.asked] == [True, False, False]
    assert ask.server.asked[-1]["max_tokens"] == 99
    assert ask.pauses == []
    assert client.notices == []


@pytest.mark.parametrize("status", [400, 422, 500])
@pytest.mark.parametrize("name", ["temperature", "seed", "reasoning_effort", "stream_options"])
def test_a_parameter_that_is_refused_by_name_is_left_out_and_told(ask, status, name):
    def picky(asked):
        return refusal(status, f"'{name}' is not supported", param=name) if name in asked else answer()

    ask.server.responses = [picky]
    client = ask.client(temperature=0.5, seed=3, reasoning_effort="high")
    assert client.complete(ask.prompt, ask.move).text == "hello"
    assert name in ask.server.asked[0]
    assert name not in ask.server.asked[1]
    assert client.notices == [f"the endpoint refuses {name}: it is left out"]


def test_a_server_that_takes_no_limit_at_all(ask):
    ask.server.responses = [
        lambda asked: refusal(400, f"{' '.join(asked)} refused") if any("max_" in name for name in asked) else answer()
    ]
    assert ask().text == "hello"


def test_each_repetition_has_a_seed_of_its_own(ask):
    client = ask.client(seed=40)
    client.complete(ask.prompt, ask.move)
    client.complete(ask.prompt, replace(ask.move, repetition=2))
    assert [asked["seed"] for asked in ask.server.asked] == [40, 42]


def test_a_stalled_stream_is_given_up_after_the_time_out(ask):
    async def body():
        yield b'data: {"choices": [{"delta": {"content": "half"}}]}\n\n'
        await asyncio.Event().wait()

    def stall(asked):
        return StreamingResponse(body(), media_type="text/event-stream")

    assert ask(stall, answer("at last"), timeout_s=0.3).text == "at last"
    message = ask.fails(stall, timeout_s=0.3, attempts=1)
    assert "fell silent" in message or "timed out" in message


def test_an_endpoint_that_nobody_serves_is_named_by_its_host(ask, unserved):
    provider = Provider(f"http://user:password@{unserved}/v1")
    client = OpenAiCompatible("house", provider, "m", Settings(attempts=2), ask.pauses.append)
    with pytest.raises(LlmError, match=f"no connection to {unserved}.*asked 2 times") as caught:
        client.complete(ask.prompt, ask.move)
    assert "password" not in str(caught.value)


def test_a_prompt_that_was_cut_is_suspected(ask):
    ask.prompt = Prompt("", "word " * 100)
    client = ask.client()
    client.complete(ask.prompt, ask.move)
    assert "counted 7 tokens in a prompt of 500 characters" in client.notices[0]


def test_check_asks_for_a_key_a_model_and_an_address_and_sends_nothing(ask, monkeypatch):
    ask.client().check("any/task")
    with pytest.raises(LlmError, match="needs --model"):
        ask.client(model="").check("any/task")
    with pytest.raises(LlmError, match="begins with http:// or https://"):
        ask.client(base_url="localhost:8000/v1").check("any/task")
    monkeypatch.setenv("ASKING_KEY", "  ")
    with pytest.raises(LlmError, match="needs a key in the environment variable ASKING_KEY"):
        ask.client().check("any/task")
    monkeypatch.setenv("ASKING_KEY", "sk-schlüssel")
    with pytest.raises(LlmError, match="ASKING_KEY holds a character") as caught:
        ask.client().check("any/task")
    assert "schl" not in str(caught.value)
    assert ask.server.asked == []


@pytest.mark.parametrize("package", ["openai", "tenacity"])
def test_without_a_package_that_asks_the_command_to_install_it_is_named(ask, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    for name in [name for name in sys.modules if name.startswith("agent.llm.chat.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(LlmError, match="pip install 'openai>=2,<4' 'tenacity>=9'"):
        ask.client().check("any/task")


def test_the_key_shows_nowhere(ask):
    client = ask.client()
    client.complete(ask.prompt, ask.move)
    assert KEY not in repr(client)
    assert KEY not in repr(client._endpoint)
    ask.server.responses = [refusal(401, f"Incorrect API key provided: {KEY}")]
    with pytest.raises(LlmError) as caught:
        client.complete(ask.prompt, ask.move)
    assert KEY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"timeout_s": 0.0}, {"longest_wait_s": -1.0}])
def test_settings_that_cannot_be_meant_are_refused(wrong):
    with pytest.raises(ValueError, match="at least"):
        Settings(**wrong)
