"""Reads the cheats of this folder: a TOML block at the top of each says what it tries and what verdict it must get."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from sandbox.evaluation import Candidate, Verdict
from tasks.resize import constants
from tasks.task import Task

FOLDER = Path(__file__).parent
GROUPS = ("clock", "stealing", "notcomputing", "service", "policy", "modelled")
_BEGIN, _END = "# /// cheat\n", "# ///\n"
_SMALL = {"ROWS": 12, "COLUMNS": 48, "WIDTH": 32, "SIZE": 1000}
"""Sizes without a card; whatever else a task's text calls a constant stays."""


@dataclass(frozen=True, slots=True)
class Cheat:
    """One attack, and what must come of it."""

    name: str
    """Group, an underline, and what it does: the file's name."""
    source: str
    tries: str
    task: str
    emulated: tuple[Verdict, ...]
    """Verdicts that are right without a card: one, where the judge is exact."""
    cuda: tuple[Verdict, ...]
    """Verdicts that are right on a card; none where it is not run there."""
    says: str = ""
    """Pattern that the message has unless the verdict is CORRECT: it was caught for the right reason."""
    cuda_says: str = ""
    """On a card, where that differs."""
    gains: str = ""
    """What it still gains, and its bound, in words; empty where it gains nothing."""
    needs: str = ""
    """A part of the judge without which it may pass."""
    box: str = ""
    """The word in ``Environment.unprotected`` under which it is not kept from what it tries."""
    kernel: bool = False
    """Whether an honest kernel carries it, which may be faster than eager."""
    times: int = 1
    """Judgements, the last of which counts."""
    impatient: bool = False
    """Whether it hangs before its first answer, so that short deadlines are asked for."""

    @property
    def group(self) -> str:
        """Of the catalogue."""
        return self.name.partition("_")[0]

    @property
    def token(self) -> str:
        """What it calls all that it leaves behind: processes, and files outside its folder. 12 characters."""
        return f"kwc-{crc32(self.name.encode()):08x}"

    @property
    def candidate(self) -> Candidate:
        """As a language model would have sent it."""
        return Candidate(self.source.replace("TOKEN", self.token))


def cheat(file: Path) -> Cheat:
    """Read one file; raises ValueError where it has no block, TypeError for a key that is none."""
    text = file.read_text()
    begin, end = text.index(_BEGIN) + len(_BEGIN), text.index(_END)
    block = tomllib.loads("".join(line.removeprefix("#") for line in text[begin:end].splitlines(keepends=True)))
    places = {place: tuple(Verdict(each) for each in block.pop(place)) for place in ("emulated", "cuda")}
    return Cheat(file.stem, text, **places, **block)


def cheats() -> list[Cheat]:
    """Read all."""
    return [cheat(file) for file in sorted(FOLDER.glob("*_*.py")) if file.stem.partition("_")[0] in GROUPS]


def task(name: str) -> Task:
    """Give one of the small tasks."""
    source = (FOLDER / "tasks" / f"{name}.py").read_text()
    return Task(f"cheats/{name}", source, small_sizes={key: _SMALL[key] for key in constants(source)})


def honest(name: str) -> Candidate:
    """Give the task's own text as a candidate: right, and as fast as eager."""
    return Candidate(task(name).source.replace("class Model(", "class ModelNew("))


def still_gaining() -> list[str]:
    """Give the lines of SECURITY.md, one for each cheat that still gains."""
    return [f"* `{each.name}`: {each.gains}" for each in cheats() if each.gains]
