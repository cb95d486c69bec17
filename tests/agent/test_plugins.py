"""Policies by name: a wrong name or option says what there is instead."""

import pytest
from fakes import STAGES

from agent.plugins import PluginError, known_policies, policy_named


def test_the_file_name_is_the_registry():
    assert "staged" in known_policies()
    assert policy_named("staged", STAGES, {"repairs": 1})


def test_a_name_with_a_dot_is_anybodys_module():
    assert policy_named("agent.policies.staged", STAGES, {})


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("stagd", {}, "no policy 'stagd'; did you mean staged?"),
        ("zzzzz", {}, "no policy 'zzzzz'; there are .*staged"),
        ("nowhere.at_all", {}, "no policy 'nowhere.at_all': No module named 'nowhere'"),
        ("./mine.py", {}, "no policy './mine.py': name a module as Python imports it"),
        ("json.decoder", {}, "is no policy"),
        ("staged", {"repair": 1}, "no option 'repair'; did you mean repairs?"),
        ("staged", {"repairs": -1}, "cannot be negative"),
        ("staged", {"repairs": "two"}, "policy 'staged': "),
    ],
)
def test_what_is_wrong_is_said_in_one_line(name, options, words):
    with pytest.raises(PluginError, match=words) as caught:
        policy_named(name, STAGES, options)
    assert "\n" not in str(caught.value)
