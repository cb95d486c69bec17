"""Which parameters an endpoint takes."""

from hypothesis import given
from hypothesis import strategies as st

from agent.llm.chat.dialect import Dialect

WANTED = {"max_completion_tokens": 5, "temperature": 0.5, "seed": None}


def test_at_first_everything_that_is_wanted_is_sent():
    assert Dialect().speak(WANTED) == {"max_completion_tokens": 5, "temperature": 0.5}


def test_the_limit_is_renamed_then_dropped():
    dialect = Dialect()
    assert dialect.learn("unknown: max_completion_tokens", dialect.speak(WANTED))
    assert dialect.speak(WANTED) == {"max_tokens": 5, "temperature": 0.5}
    assert dialect.learn("max_tokens is too large", dialect.speak(WANTED))
    assert dialect.speak(WANTED) == {"temperature": 0.5}
    assert dialect.notices == ["the endpoint refuses max_tokens: it is left out"]


def test_a_name_inside_another_word_or_of_nothing_that_was_sent_teaches_nothing():
    dialect = Dialect()
    assert not dialect.learn("temperatures, max_tokens and seeds", dialect.speak(WANTED))
    assert dialect.speak(WANTED) == Dialect().speak(WANTED)


@given(st.lists(st.sampled_from(["max_tokens", "max_completion_tokens", "temperature", "seed", "other"])))
def test_learning_ends(refusals):
    dialect = Dialect()
    wanted = {**WANTED, "seed": 1}
    learnt = sum(dialect.learn(said, dialect.speak(wanted)) for said in refusals)
    assert learnt <= 4
