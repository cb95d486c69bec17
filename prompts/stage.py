"""A stage is one file: TOML between ``+++`` lines says when it applies, and the rest is what it says."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sandbox.codec import CodecError, decode
from sandbox.counters import Counter
from sandbox.metrics import NcuMetrics, Rule

CORE_COUNTERS: tuple[str, ...] = (
    Counter.SM_BUSY,
    Counter.DRAM_BUSY,
    Counter.L2_HITS,
    Counter.WARPS_ACTIVE,
    Counter.LOADED_SHARE,
    Counter.DURATION,
)
"""Read for every kernel; any stage may mention them."""

_FILE = re.compile(r"\A\+\+\+[ \t]*\n(?P<header>.*?)^\+\+\+[ \t]*\n(?P<words>.*)\Z", re.DOTALL | re.MULTILINE)


class PromptError(Exception):
    """A stage file cannot be read, or a template names what no scene has; the message gives file and line."""


class StageKind(StrEnum):
    """What a stage starts from."""

    SEED = "seed"
    """The task alone."""
    REPAIR = "repair"
    """A candidate that failed, and why."""
    IMPROVE = "improve"
    """A candidate that is correct, and its counters."""
    PLAN = "plan"
    """A candidate that is correct, and its counters; asks for a plan (``prompts.plan``) and no code."""
    REWRITE = "rewrite"
    """A candidate that is correct, and a plan made from it."""
    COMBINE = "combine"
    """Two candidates that are correct, the better one first, and the counters of both."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a header says of one counter."""

    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The TOML part of a stage file."""

    kind: StageKind
    title: str
    order: int = 0
    metrics: tuple[str, ...] = ()
    done_when: Mapping[str, Bound] = field(default_factory=dict[str, Bound])


@dataclass(frozen=True, slots=True)
class Stage:
    """One way to ask for a kernel."""

    name: str
    kind: StageKind
    order: int
    """Smaller comes first among stages of a kind."""
    title: str
    metrics: tuple[str, ...]
    """Counters that this stage reads beside ``CORE_COUNTERS``, under Nsight Compute's names."""
    done_when: tuple[Rule, ...]
    """All of them hold when this stage has nothing left to win."""
    template: str
    """Jinja text; as many empty lines as the header had come first, so that line numbers are the file's."""

    @property
    def counters(self) -> tuple[str, ...]:
        """All that this stage may mention: the core and its own, each once."""
        return tuple(dict.fromkeys((*CORE_COUNTERS, *self.metrics)))

    def is_done(self, metrics: NcuMetrics | None) -> bool:
        """Say whether the counters leave nothing for this stage to win; False where none were read."""
        return metrics is not None and bool(self.done_when) and all(rule.holds(metrics) for rule in self.done_when)


def text_of(file: Path) -> str:
    """Read a template; raises PromptError."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PromptError(f"{file}:1: cannot be read: {reason}") from error


def read_stage(file: Path) -> Stage:
    """Parse one stage file; raises PromptError with file and line."""
    parts = _FILE.match(text_of(file).replace("\r\n", "\n"))
    if parts is None:
        raise PromptError(f"{file}:1: a stage begins with a TOML header between two lines '+++'")
    header = _read_header(file, parts["header"])
    stage = Stage(
        name=file.stem,
        kind=header.kind,
        order=header.order,
        title=header.title,
        metrics=header.metrics,
        done_when=tuple(Rule(metric, each.at_least, each.at_most) for metric, each in header.done_when.items()),
        template="\n" * (parts["header"].count("\n") + 2) + parts["words"],
    )
    for rule in stage.done_when:
        if rule.metric not in stage.counters:
            raise PromptError(f"{file}:1: done_when reads {rule.metric!r}, which metrics does not declare")
        if (rule.at_least, rule.at_most) == (None, None):
            raise PromptError(f"{file}:1: done_when bounds {rule.metric!r} by neither at_least nor at_most")
    return stage


def _read_header(file: Path, text: str) -> Header:
    try:
        return decode(Header, tomllib.loads("\n" + text))  # the line of the first +++ counts too
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        raise PromptError(f"{file}:{place[1] if place else 1}: {error}") from error
    except CodecError as error:
        raise PromptError(f"{file}:1: {error}") from error
