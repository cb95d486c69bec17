"""How long to wait before asking again."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.llm import LlmError
from agent.llm.chat import ChatError
from agent.llm.chat.retries import asked_wait_s, persistent

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:30 GMT"}, 30.0),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:30"}, 30.0),
        ({"retry-after": "Fri, 15 Jan 2027 07:00:00 GMT"}, 0.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "4"}, 4.0),
    ],
)
def test_what_a_server_asks_for(headers, seconds):
    assert asked_wait_s(headers, NOW) == seconds


@given(st.text(), st.text())
def test_no_header_breaks_it(milliseconds, seconds):
    wait = asked_wait_s({"retry-after-ms": milliseconds, "retry-after": seconds}, NOW)
    assert wait is None or (wait >= 0 and math.isfinite(wait))


def test_pauses_grow_up_to_the_cap():
    pauses = []

    def fail():
        raise ChatError("busy", passing=True)

    with pytest.raises(LlmError, match=r"busy \(asked 8 times\)"):
        persistent(8, 20.0, pauses.append)(fail)
    assert len(pauses) == 7
    assert pauses == sorted(pauses)
    assert pauses[0] < 3
    assert pauses[-1] == 20.0


def test_what_does_not_pass_is_raised_as_it_is():
    lasting = ChatError("no")

    def fail():
        raise lasting

    with pytest.raises(ChatError) as caught:
        persistent(8, 20.0, lambda seconds: pytest.fail("slept"))(fail)
    assert caught.value is lasting


def test_an_error_of_our_own_is_not_asked_again():
    with pytest.raises(ZeroDivisionError):
        persistent(8, 20.0, lambda seconds: pytest.fail("slept"))(lambda: 1 / 0)
