"""Candidates that look odd and are honest: each file beside this one must pass, without a card and on one."""

import tomllib
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

import pytest

from sandbox import followed
from sandbox.devices import choose, versions
from sandbox.evaluation import Candidate, Environment, Source, Timing, Verdict
from sandbox.health import NoCard
from sandbox.judging import Judge
from sandbox.modelled import Modelled
from sandbox.trial import open_bench
from sandbox.wire import Job, MeasurePlan
from tasks.catalog import find_one
from tasks.task import Task, Tolerance

HERE = Path(__file__).parent
NAMES = sorted(each.stem for each in HERE.glob("*.py") if not each.name.startswith("test_"))
PLAN = MeasurePlan(min_samples=10, max_samples=10, build_timeout_s=100, run_timeout_s=30)
PLACES = ("cuda", "emulated")


@dataclass(frozen=True, slots=True)
class Header:
    """What the leading comment of a candidate says, in TOML."""

    task: str
    """A file in ``tasks``."""
    odd: str
    """What a suspicious judge might stumble over, in one line."""
    places: tuple[str, ...] = PLACES
    """Where it runs."""
    tf32: bool = False
    """Whether its task allows TF32."""
    emulated: str = "correct"
    """``unjudged`` where the interpreter may say that it cannot run it."""
    followed: bool = False
    """Whether what is odd shows at full size too; the others are not compiled for the target, which takes seconds."""


def header_of(source: str) -> Header:
    """Read the leading comment; raises TypeError for an unknown key."""
    lines = takewhile(lambda line: line.startswith("#"), source.splitlines())
    table = tomllib.loads("\n".join(line.removeprefix("#").strip() for line in lines))
    return Header(**{**table, "places": tuple(table.get("places", PLACES))})


def candidate(name: str) -> tuple[Header, Task, Candidate]:
    """Read a candidate with its task."""
    source = (HERE / f"{name}.py").read_text()
    header = header_of(source)
    task = find_one(str(HERE / "tasks" / f"{header.task}.py"))
    return header, replace(task, tolerance=Tolerance(tf32=header.tf32), small_sizes={}), Candidate(source)


HEADERS = {name: candidate(name)[0] for name in NAMES}


def running(place: str) -> list[str]:
    """Name the candidates that run at a place."""
    return [name for name in NAMES if place in HEADERS[name].places]


@pytest.fixture(scope="module")
def judge():
    place = choose("rtx4090", "emulated")
    made = Judge(place, Environment(place.kind.value, place.gpu.id, versions()), NoCard())
    yield made
    made.nursery.close()


@pytest.fixture(scope="module")
def cuda():
    opened = open_bench(None, PLAN, place="cuda")
    yield opened
    opened.close()


def test_there_are_many_and_each_is_odd_in_its_own_way():
    assert len(NAMES) >= 35
    assert len({each.odd for each in HEADERS.values()}) == len(NAMES)
    assert all(each.places and set(each.places) <= set(PLACES) for each in HEADERS.values())
    assert {each.emulated for each in HEADERS.values()} <= {"correct", "unjudged"}
    assert {each.task for each in HEADERS.values()} == {each.stem for each in (HERE / "tasks").glob("*.py")}


@pytest.mark.parametrize("name", running("emulated"))
def test_an_honest_candidate_passes_without_a_card(judge, monkeypatch, name):
    header, task, source = candidate(name)
    if not header.followed:
        unknown = Timing((1.0,), Source.MODELLED)
        monkeypatch.setattr(followed, "model", lambda *_, **__: Modelled(unknown, unknown))
    found = judge.evaluate(Job(task, source, PLAN))
    allowed = {Verdict.CORRECT, Verdict(header.emulated)}
    assert found.verdict in allowed, f"{header.odd}: {found.verdict}: {found.message}"


@pytest.mark.gpu
@pytest.mark.parametrize("name", running("cuda"))
def test_an_honest_candidate_passes_on_a_card(cuda, name):
    header, task, source = candidate(name)
    found = cuda.evaluate(task, source)
    assert found.verdict is Verdict.CORRECT, f"{header.odd}: {found.verdict}: {found.message}"
