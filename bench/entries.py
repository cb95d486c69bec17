"""The corpus as it is read from its folder: tasks at their sizes, and four candidates each with its expected end."""

import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from sandbox.evaluation import Candidate, Verdict
from tasks.catalog import find_one
from tasks.resize import resized
from tasks.task import Task

CORPUS = Path(__file__).parent / "corpus"
ORDER = ("decent", "wrong", "plain", "broken")
"""Right and faulty candidates take turns."""


class End(StrEnum):
    """How a candidate ends, as far as both harnesses can say it."""

    CORRECT = "correct"
    WRONG = "wrong"
    FAILS = "fails"
    """Does not compile or load, raises, crashes or asks for too much."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """One candidate of the corpus."""

    file: Path
    expected: End
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Entry:
    """One task of the corpus."""

    name: str
    task: Task
    tolerance: float
    """atol and rtol of the plain harness."""
    entrants: tuple[Entrant, ...]


def corpus(folder: Path = CORPUS) -> list[Entry]:
    """Read all entries, in the order of ``corpus.toml``; raises ValueError for a header that says nothing."""
    described = tomllib.loads((folder / "corpus.toml").read_text())
    return [
        Entry(
            name,
            at_sizes(each["task"], each["sizes"]),
            each["tolerance"],
            tuple(entrant(folder / name / f"{kind}.py") for kind in ORDER),
        )
        for name, each in described.items()
    ]


def at_sizes(task: str, sizes: dict[str, int]) -> Task:
    """Give a task by its id or file, with some of its constants replaced."""
    found = find_one(task)
    return replace(found, source=resized(found.source, sizes))


def entrant(file: Path) -> Entrant:
    """Read a candidate whose first line is ``# expected: correct``, ``wrong`` or ``fails``; else ValueError."""
    source = file.read_text()
    label, _, said = source.partition("\n")[0].partition(": ")
    if label != "# expected":
        raise ValueError(f"{file}: the first line does not say '# expected: …'")
    return Entrant(file, End(said), Candidate(source))


def end_of(verdict: Verdict) -> End:
    """Map a verdict of our judge to what the plain harness can say too."""
    return {Verdict.CORRECT: End.CORRECT, Verdict.WRONG: End.WRONG}.get(verdict, End.FAILS)
