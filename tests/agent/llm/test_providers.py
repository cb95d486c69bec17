"""One namespace of ``--llm`` names."""

import subprocess
import sys
from pathlib import Path

import pytest

from agent.llm import LlmError
from agent.llm.mailbox import Mailbox
from agent.llm.openai_compatible import OpenAiCompatible
from agent.llm.provider import Price, tables
from agent.llm.providers import known_llms, llm_named
from agent.llm.recorded import Recorded
from agent.plugins import PluginError

ROOT = Path(__file__).parents[3]


def named(name, home, model="", options=None):
    return llm_named(name, model, home, "emulated", options or {})


def own(home, text):
    (home / "providers.toml").write_text(text)


def test_backends_and_tables_stand_in_one_list(tmp_path):
    names = known_llms(tmp_path)
    assert names[:3] == ["mailbox", "recorded", "scripted"]
    assert {"openai", "deepseek", "openrouter", "ollama"} <= set(names)
    assert len(names) == len(set(names))
    assert "openai_compatible" not in names


def test_every_shipped_name_can_be_built_without_key_or_network(tmp_path):
    for name in known_llms(tmp_path):
        assert isinstance(named(name, tmp_path).paid, bool)


def test_a_name_finds_its_kind(tmp_path):
    assert isinstance(named("recorded", tmp_path), Recorded)
    assert isinstance(named("mailbox", tmp_path, "a person"), Mailbox)
    assert isinstance(named("openai", tmp_path, "gpt-5"), OpenAiCompatible)


def test_what_costs_nothing_is_not_called_paid(tmp_path):
    assert named("openai", tmp_path, "gpt-5").paid
    assert named("openai", tmp_path, "of tomorrow").paid
    assert not named("ollama", tmp_path, "any").paid


def test_an_unknown_name_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(LlmError, match="'opnai'.*openai"):
        named("opnai", tmp_path)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("mailbox", {"foldr": "x"}, "no option 'foldr'.*folder"),
        ("mailbox", {"home": "x"}, "no option 'home'"),
        ("mailbox", {"folder": 3}, "llm.options.folder.*str expected"),
        ("ollama", {"temprature": 1}, "llm.options.temprature.*temperature"),
        ("ollama", {"temperature": "hot"}, "llm.options.temperature"),
        ("ollama", {"attempts": 0}, "at least 1"),
    ],
)
def test_options_are_checked_by_name_and_kind(tmp_path, name, options, words):
    with pytest.raises(LlmError, match=words):
        named(name, tmp_path, options=options)


def test_a_backend_that_takes_no_model_says_so(tmp_path):
    with pytest.raises(LlmError, match="recorded takes no model, but 'gpt-5' was given"):
        named("recorded", tmp_path, "gpt-5")


def test_a_name_with_a_dot_is_anybodys_module(tmp_path, monkeypatch):
    (tmp_path / "house_llm.py").write_text("def make(*, model): return ('made', model)")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "house", type(sys)("house"))
    sys.modules["house"].__path__ = [str(tmp_path)]
    assert named("house.house_llm", tmp_path, "m") == ("made", "m")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.at_all", "no model backend 'nowhere.at_all': No module named 'nowhere'"),
        ("./mine.py", "no model backend './mine.py': name a module as Python imports it"),
        ("agent.llm.recording", r"'agent.llm.recording' is no model backend: it defines no make\(\)"),
    ],
)
def test_a_name_with_a_dot_that_is_no_backend_is_refused_as_a_policy_is(tmp_path, name, words):
    with pytest.raises(PluginError, match=words) as caught:
        named(name, tmp_path)
    assert "\n" not in str(caught.value)


def test_a_users_file_adds_tables_and_prices(tmp_path):
    house = '[house]\nbase_url = "http://house/v1"\nmodel = "m"\n'
    own(tmp_path, f"{house}[openai.usd_per_million_tokens]\nnew = {{input = 1, output = 2}}\n")
    found = tables(tmp_path)
    assert found["house"].model == "m"
    assert found["openai"].price("new") == Price(1.0, 2.0)
    assert found["openai"].price("gpt-5") == Price(1.25, 10.0)
    assert found["openai"].api_key_env == "OPENAI_API_KEY"
    assert "house" in known_llms(tmp_path)
    named("house", tmp_path).check("any/task")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[house", "cannot be read as TOML"),
        ("house = 3", "house must be a table"),
        ('[house]\nbase_url = "x"\nusd_per_million_tokens = 3', "house must be a table"),
        ("[house]\nmodel = 'm'", "base_url"),
        ("[house]\nbase_url = 'x'\napi_key = 'y'", "unknown key 'house.api_key'.*api_key_env"),
    ],
)
def test_a_broken_file_of_the_user_is_named(tmp_path, text, words):
    own(tmp_path, text)
    with pytest.raises(LlmError, match=words) as caught:
        known_llms(tmp_path)
    assert "providers.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_variable_takes_the_place_of_the_base_url(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert named("openai", tmp_path, "gpt-5")._endpoint.host == "127.0.0.1:9"
    elsewhere = named("openai", tmp_path, "gpt-5", {"base_url": "http://127.0.0.1:8/v1"})
    assert elsewhere._endpoint.host == "127.0.0.1:8"
    assert elsewhere._endpoint.price is None


def test_naming_a_model_does_not_import_the_sdk(tmp_path):
    code = (
        "import sys; from pathlib import Path; from agent.llm.providers import known_llms, llm_named;"
        "known_llms(Path('.')); llm_named('openai', 'm', Path('.'), 'cuda', {});"
        "sys.exit('openai' in sys.modules or 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0


WITHOUT_CLIENT = """
import sys
from pathlib import Path
sys.modules |= dict.fromkeys(("openai", "tenacity"))  # each import of them fails
from agent.llm import Move, ReplyPending
from agent.llm.providers import known_llms, llm_named
from agent.llm.recording import load
from prompts.library import Prompt
home, recording = Path(sys.argv[1]), Path(sys.argv[2])
for name in known_llms(home):
    llm_named(name, "", home, "emulated", {})
kept = load(recording)[0]
recorded = llm_named("recorded", "", home, "emulated", {"folder": str(recording.parent)})
assert recorded.complete(Prompt("", ""), kept.move).text == kept.text
try:
    llm_named("mailbox", "", home, "emulated", {}).complete(Prompt("", "write"), kept.move)
except ReplyPending:
    print("waiting")
"""


def test_recordings_and_the_mailbox_work_where_the_client_of_paid_models_is_not_installed(tmp_path):
    recording = next((ROOT / "agent/llm/recordings/emulated").glob("*.jsonl"))
    command = [sys.executable, "-c", WITHOUT_CLIENT, tmp_path, recording]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout) == ("", "waiting\n")
    assert list((tmp_path / "mailbox").glob("*.prompt.md"))
