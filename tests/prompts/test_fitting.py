from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.fitting import Room, estimated, fitted
from prompts.scene import Exhibit
from prompts.stage import PromptError
from sandbox.evaluation import Candidate, Evaluation, Verdict

PAST = tuple(Exhibit(i, "grid", Candidate(f"# {i}"), Evaluation(Verdict.WRONG, f"fault {i}")) for i in range(3))
WORDS = Room(count=lambda text: len(text.split()), by="words")


def tokens(prompt):
    return len(prompt.system.split()) + len(prompt.user.split())


def test_without_a_limit_all_is_shown_and_counted(library, scene):
    whole = library.render(library["grid"], replace(scene, past=PAST))
    prompt = fitted(library, library["grid"], replace(scene, past=PAST), WORDS)
    assert (prompt.system, prompt.user, prompt.left_out) == (whole.system, whole.user, ())
    assert (prompt.size.tokens, prompt.size.by) == (tokens(whole), "words")


def test_the_oldest_attempts_go_first_then_the_example(library, scene):
    seed, scene = library["seed"], replace(scene, parents=(), past=PAST)
    whole = fitted(library, seed, scene, WORDS)
    lacking_one = fitted(library, seed, scene, replace(WORDS, most=whole.size.tokens - 1))
    assert lacking_one.left_out == ("1 of 3 earlier attempts",)
    assert "fault 0" not in lacking_one.user
    assert "fault 1" in lacking_one.user
    bare = fitted(library, seed, replace(scene, past=()), WORDS)
    without = fitted(library, seed, scene, replace(WORDS, most=bare.size.tokens - 1))
    assert without.left_out == ("3 of 3 earlier attempts", "the worked example")
    assert "worked example" in bare.user
    assert "worked example" not in without.user
    assert scene.task.source.strip() in without.user


def test_what_must_stay_and_does_not_fit_is_refused_in_one_line(library, scene):
    least = fitted(library, library["grid"], replace(scene, past=()), WORDS).size.tokens
    with pytest.raises(PromptError, match=rf"'grid': {least} tokens \(words\).* prompt_tokens allows {least - 1}$"):
        fitted(library, library["grid"], replace(scene, past=PAST), replace(WORDS, most=least - 1))


@given(st.text(), st.text())
def test_an_estimate_grows_with_the_text_and_is_never_less_than_its_parts(one, other):
    assert estimated(one) <= estimated(one + other) <= estimated(one) + estimated(other)
    assert bool(one) == (estimated(one) > 0)
