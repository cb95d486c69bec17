"""What a template may ask an object for is known before there is one."""

import pytest

from prompts.members import member
from prompts.template_checks import NAMES
from sandbox.evaluation import Evaluation, Timing


def reachable():
    """Every class that some chain of attributes leads to, our own alone."""
    found, new = set(), {each for each in NAMES.values() if each}
    while new:
        found |= new
        members = {(owner, name) for owner in new for name in dir(owner) if not name.startswith("_")}
        leads = {member(owner, name) for owner, name in members}
        new = {
            each for each in leads if each and each.__module__.split(".")[0] in ("prompts", "sandbox", "tasks")
        } - found
    return found


def test_every_class_that_templates_reach_can_be_asked():
    assert {Evaluation, Timing} < reachable()


@pytest.mark.parametrize(
    ("name", "found"), [("timing", Timing), ("message", str), ("speedup", float), ("labels", None), ("baselines", None)]
)
def test_an_attribute_has_the_class_of_its_annotation(name, found):
    assert member(Evaluation, name) is found


def test_a_member_of_several_classes_or_of_a_container_has_none_that_is_known():
    class Odd:
        several: int | str | None
        listed: list[Timing]
        perhaps: Timing | None

    assert [member(Odd, name) for name in ("several", "listed", "perhaps")] == [None, None, Timing]


def test_what_is_not_there_is_said_with_the_nearest():
    with pytest.raises(AttributeError, match="Evaluation has no 'timings'; did you mean 'timing'"):
        member(Evaluation, "timings")
