"""Answers in any shape: what can be read is read, nothing breaks."""

from hypothesis import given
from hypothesis import strategies as st

from agent.llm import Finish
from agent.llm.chat.answers import Answer

NAMES = st.sampled_from(
    ["choices", "delta", "message", "content", "text", "type", "thinking", "finish_reason", "usage", "prompt_tokens"]
    + ["completion_tokens", "cost", "model", "reasoning", "refusal"]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["stop", "length", "thinking", ""])
ANYTHING = st.recursive(PLAIN, lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(NAMES, deeper, max_size=5))


@given(st.lists(ANYTHING, max_size=4))
def test_whatever_comes_a_reply_is_made_of_it(events):
    answer = Answer()
    for event in events:
        answer.take(event)
    usage = answer.reply(None).usage
    assert usage.input_tokens is None or usage.input_tokens >= 0
    assert usage.usd is None or usage.usd >= 0


@given(st.text(), st.lists(st.integers(0, 50), max_size=5))
def test_a_text_comes_back_whole_however_it_is_cut_into_chunks(text, places):
    edges = [0, *sorted(place for place in places if place < len(text)), len(text)]
    answer = Answer()
    for start, end in zip(edges, edges[1:], strict=False):
        answer.take({"choices": [{"delta": {"content": text[start:end]}}]})
    answer.take({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    assert (answer.reply(None).text, answer.reply(None).finish) == (text, Finish.DONE)


def test_halves_of_a_character_are_joined_and_a_half_alone_is_replaced():
    answer = Answer()
    for half in ("a\ud83d", "\ude00b", "\ud800"):
        answer.take({"choices": [{"delta": {"content": half, "reasoning": half}}]})
    assert (answer.reply(None).text, answer.reply(None).reasoning) == ("a\U0001f600b\ufffd",) * 2


def test_the_last_word_on_usage_counts():
    answer = Answer()
    for tokens in (1, 2, 3):
        answer.take({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": tokens}})
    answer.take({"choices": [], "usage": None})
    assert answer.reply(None).usage.output_tokens == 3
