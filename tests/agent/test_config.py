"""Settings: which layer wins, what is refused and in which words, and who is said to have set a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.budget import Budget
from agent.config import Choice, ConfigError, LlmChoice, Place, RunConfig
from agent.settings import (
    Setting,
    from_assignments,
    from_environment,
    from_file,
    from_flags,
    from_run,
    settled,
)


@pytest.fixture
def toml(tmp_path):
    def write(text):
        file = tmp_path / "run.toml"
        file.write_text(text)
        return file

    return write


def test_nothing_set_is_the_default_and_says_so():
    settings = settled()
    assert settings.config == RunConfig()
    assert settings.where("budget.usd") == "default"


def test_each_layer_wins_over_the_ones_before_it(toml):
    file = from_file(toml('gpu = "a100"\nplace = "cuda"\n[budget]\nattempts = 3\nusd = 1\n'))
    environment = from_environment({"KERNELWRIGHT_GPU": "h100", "KERNELWRIGHT_PLACE": "emulated"})
    command = [*from_assignments(["gpu=l40s", "budget.usd=7"]), *from_flags(gpu="h200", model=None)]
    settings = settled(file, environment, command)
    assert settings.config.gpu == "h200"
    assert settings.config.place is Place.EMULATED
    assert settings.config.budget == Budget(attempts=3, usd=7.0)
    assert settings.where("gpu") == "--gpu"
    assert settings.where("place") == "KERNELWRIGHT_PLACE"
    assert settings.where("budget.usd") == "--set"
    assert settings.where("budget.attempts").endswith("run.toml")


def test_a_name_alone_stands_for_a_choice(toml):
    config = settled(from_file(toml('llm = "openai"\npolicy = "beam"\n')), from_assignments(["llm=mailbox"])).config
    assert (config.llm.name, config.policy.name) == ("mailbox", "beam")


def test_another_plug_in_forgets_the_options_of_the_last_one(toml):
    file = from_file(toml('[llm]\nname = "openai"\nmodel = "m"\noptions = {temperature = 1}\n'))
    assert settled(file, from_flags(llm="mailbox")).config.llm == LlmChoice("mailbox")


def test_the_same_plug_in_named_again_keeps_its_options(toml):
    file = from_file(toml('[llm]\nname = "openai"\nmodel = "m"\n'))
    assert settled(file, from_flags(llm="openai")).config.llm == LlmChoice("openai", "m")


def test_options_hold_in_whatever_order_the_command_line_names_them():
    command = [*from_assignments(["llm.options.file=a.json"]), *from_flags(llm="scripted")]
    assert settled(command).config.llm == LlmChoice("scripted", "", {"file": "a.json"})


def test_options_of_the_default_plug_in_need_no_name():
    assert settled(from_assignments(["policy.options.repairs=5"])).config.policy == Choice("staged", {"repairs": 5})


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("budget.atempts=3", ["--set", "budget.atempts", "did you mean attempts"]),
        ("bugdet.attempts=3", ["--set", "bugdet", "budget"]),
        ("budget.attempts=many", ["--set", "budget.attempts", "int expected", "'many'"]),
        ("budget.attempts=0", ["--set", "budget", "above 0"]),
        ("budget=3", ["--set", "budget"]),
        ("gpu.id=3", ["--set", "gpu.id"]),
        ("place=moon", ["place", "moon", "emulated"]),
        ("measure.tier=7", ["--set", "measure.tier", "0, 1, 2"]),
        ("budget.attempts", ["KEY=VALUE"]),
        ("=3", ["KEY=VALUE"]),
    ],
)
def test_a_wrong_setting_is_refused_in_one_line_that_says_where(assignment, words):
    with pytest.raises(ConfigError) as refusal:
        settled(from_assignments([assignment]))
    assert "\n" not in str(refusal.value)
    for word in words:
        assert word in str(refusal.value)


def test_a_wrong_key_in_a_file_names_the_file(toml):
    with pytest.raises(ConfigError, match=r"run\.toml: unknown key 'budget\.usdd'"):
        settled(from_file(toml("[budget]\nusdd = 3\n")))


@pytest.mark.parametrize("text", ["gpu = ", "\x00", "gpu = 1\ngpu = 2"])
def test_a_file_that_is_no_toml_is_refused(toml, text):
    with pytest.raises(ConfigError, match="is not TOML"):
        from_file(toml(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml"):
        from_file(tmp_path / "none.toml")


def test_text_that_looks_like_a_number_stays_text_where_text_is_wanted():
    assert settled(from_assignments(["llm.model=4"])).config.llm.model == "4"
    assert settled(from_assignments(["llm.model=2024-01-01"])).config.llm.model == "2024-01-01"


def test_several_are_listed_with_commas_or_as_toml_has_them():
    for words in ("grid,fine", "grid, fine", '["grid", "fine"]'):
        assert settled(from_assignments([f"without={words}"])).config.without == ("grid", "fine")
    for words in ("grid", '"grid"', "'grid'", '["grid"]'):
        assert settled(from_assignments([f"without={words}"])).config.without == ("grid",)
    assert settled(from_assignments(["measure.baselines=eager"])).config.measure.compiled == ()
    with pytest.raises(ConfigError, match="without"):
        settled(from_assignments(["without=3"]))


def test_none_of_several_are_an_empty_text_or_an_empty_list():
    before = from_assignments(["without=grid", "measure.baselines=eager,compile"])
    for words in ("", "  ", "[]"):
        settings = settled(before, from_assignments([f"without={words}", f"measure.baselines={words}"]))
        assert settings.config.without == settings.config.measure.baselines == ()


def test_templates_are_meant_from_the_folder_of_the_file(toml, tmp_path):
    assert settled(from_file(toml('templates = "mine"\n'))).config.templates == str(tmp_path / "mine")


def test_a_run_goes_on_with_what_it_was_started_with():
    started = RunConfig(gpu="h100", llm=LlmChoice("openai", "m", {"seed": 1}), budget=Budget(attempts=4))
    settings = settled(from_run(started, "r-1"), from_assignments(["budget.attempts=9"]))
    assert settings.config.llm == started.llm
    assert settings.config.budget.attempts == 9
    assert settings.where("gpu") == "run r-1"


def test_an_empty_variable_sets_nothing():
    assert from_environment({"KERNELWRIGHT_GPU": ""}) == []


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=6))
def test_the_last_layer_that_speaks_wins(values):
    layers = [[Setting("budget.attempts", value, f"layer {i}")] for i, value in enumerate(values)]
    settings = settled(*layers)
    assert settings.config.budget.attempts == values[-1]
    assert settings.where("budget.attempts") == f"layer {len(values) - 1}"


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_assignment_does_worse_than_being_refused(key, value):
    try:
        settings = settled(from_assignments([f"{key}={value}"]))
    except ConfigError:
        return
    assert isinstance(settings.config, RunConfig)
