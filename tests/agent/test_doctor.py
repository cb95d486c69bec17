"""The doctor: says what is there and what is not, with a remedy, and never fails over it."""

import shutil
from importlib import metadata

import pytest

from agent import doctor, machine
from agent.finding import State
from agent.journal import Journal
from agent.settings import from_assignments, settled


def look(home, *assignments):
    found = doctor.findings(home, settled(from_assignments(assignments)))
    return {each.name: each for each in found}


@pytest.fixture(autouse=True)
def no_card(monkeypatch):
    monkeypatch.setattr("sandbox.nvml.device_name", lambda: None)


def test_a_machine_without_a_card_works_and_is_told_that_times_are_modelled(tmp_path):
    found = look(tmp_path)
    assert doctor.works(list(found.values()))
    assert found["card"].state is State.LIMITED
    assert "modelled" in found["card"].remedy
    assert "emulated for rtx4090" in found["place"].text


def test_the_versions_are_those_installed(tmp_path):
    assert look(tmp_path)["torch"].text == metadata.version("torch")


def test_a_library_that_is_missing_stops_the_main_job(tmp_path, monkeypatch):
    def version(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    found = look(tmp_path)
    assert found["triton"].state is State.MISSING
    assert not doctor.works(list(found.values()))


def test_a_place_that_is_not_to_be_had_is_said_with_who_asked_for_it(tmp_path):
    place = look(tmp_path, "place=cuda")["place"]
    assert place.state is State.MISSING
    assert "--set" in place.remedy


def test_an_unknown_card_is_said_with_the_nearest(tmp_path):
    assert "rtx4090" in look(tmp_path, "gpu=rtx4091")["place"].text


def test_no_compiler_only_limits_where_there_is_no_card(tmp_path, monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert look(tmp_path)["C compiler"].state is State.LIMITED
    monkeypatch.setattr(machine, "why_no_cuda", lambda: "")
    assert look(tmp_path)["C compiler"].state is State.MISSING
    assert look(tmp_path)["profiler"].state is State.LIMITED


def test_a_key_is_shown_by_name_and_never_by_value(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    found = look(tmp_path)
    assert "OPENAI_API_KEY" in found["keys"].text
    assert not any("secret" in each.text + each.remedy for each in found.values())


def test_a_home_that_cannot_be_made_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert look(tmp_path / "deep" / "home")["home"].state is State.MISSING


def test_looking_makes_nothing(tmp_path):
    look(tmp_path / "home")
    assert list(tmp_path.iterdir()) == []


def test_the_journal_is_counted_and_a_broken_one_is_said(tmp_path):
    with Journal(tmp_path):
        pass
    assert look(tmp_path)["journal"].text == "0 runs, 0 unfinished"
    (tmp_path / "journal.db").write_bytes(b"this is no database, and it is long enough to be looked at" * 20)
    assert look(tmp_path)["journal"].state is State.MISSING


def test_a_stranger_that_brings_a_package_of_the_same_name_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(metadata, "packages_distributions", lambda: {"tasks": ["kernelwright", "chores"]})
    names = look(tmp_path)["names"]
    assert names.state is State.LIMITED
    assert "'tasks'" in names.text
    assert "chores" in names.text


def test_templates_that_cannot_be_read_are_told_with_the_folder(tmp_path):
    assert look(tmp_path)["templates"].text == "9 stages"
    found = look(tmp_path, f"templates={tmp_path}/nowhere")["templates"]
    assert found.state is State.MISSING
    assert "nowhere" in found.text
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "mine.j2").write_text('+++\nkind = "improve"\ntitle = "Mine"\n+++\nFaster.\n')
    assert look(tmp_path, f"templates={tmp_path}")["templates"].text == f"10 stages, {tmp_path} over ours (--set)"


def test_settings_are_shown_with_who_set_them(tmp_path):
    assert "budget.usd = 2 (--set)" in look(tmp_path, "budget.usd=2")["settings"].text
    assert look(tmp_path)["settings"].text == "all as shipped"
