"""The stages that exist, and what they say of a scene."""

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prompts.counters import ShownCounters
from prompts.scene import Scene
from prompts.stage import CORE_COUNTERS, PromptError, Stage, StageKind, read_stage, text_of
from prompts.template_checks import Checker
from prompts.templates import Templates, templates_in
from prompts.triton_api import installed_api
from tasks.task import Kind

SHIPPED = Path(__file__).parent
_SYSTEM = "partials/system.j2"
_AGAIN = "partials/again.j2"


@dataclass(frozen=True, slots=True)
class Size:
    """How long a prompt is."""

    tokens: int
    by: str
    """Who counted, in words."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent."""

    system: str
    user: str
    size: Size | None = None
    """None where nobody counted."""
    left_out: tuple[str, ...] = ()
    """What had no room, in words."""

    @property
    def digest(self) -> str:
        """Names these exact words. 16 hex digits of SHA-256."""
        return hashlib.sha256(f"{self.system}\0{self.user}".encode()).hexdigest()[:16]


class Library:
    """Stages by name, from the shipped folder and from any other; the later folder wins, file by file."""

    def __init__(self, *more: Path) -> None:
        """Read and check every stage; raises PromptError with file and line."""
        folders = self._folders = (SHIPPED, *more)
        for folder in more:
            if not folder.is_dir():
                raise PromptError(f"no folder {str(folder)!r} to read stages from")
        self._templates = Templates(folders)
        self._origins = {
            file.stem: file for each in folders for file in templates_in(each) if file.parent == each / "stages"
        }
        self.stages = {name: read_stage(file) for name, file in self._origins.items()}
        checker = Checker(self._templates)
        for name, stage in self.stages.items():
            checker.check(stage.template, self._origins[name], stage.counters)
        for name in (_SYSTEM, _AGAIN):
            checker.check(self._templates.read(name), self._file(name), CORE_COUNTERS)
        for folder in more:
            checker.refuse_stray(folder, SHIPPED)

    def __getitem__(self, name: str) -> Stage:
        """Stage by name; raises PromptError that names the nearest."""
        if name not in self.stages:
            near = difflib.get_close_matches(name, self.stages, 1, 0.4)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise PromptError(f"no stage {name!r}; {hint}there are {', '.join(sorted(self.stages))}")
        return self.stages[name]

    def origin(self, name: str) -> Path:
        """Return the file that a stage was read from; raises PromptError for an unknown one."""
        return self._origins[self[name].name]

    def of_kind(self, kind: StageKind) -> list[Stage]:
        """Stages of one kind, in their own order."""
        return sorted((each for each in self.stages.values() if each.kind is kind), key=lambda s: (s.order, s.name))

    @property
    def digest(self) -> str:
        """Names the words of all folders, whichever stage uses them. 16 hex digits of SHA-256."""
        files = [
            (file.relative_to(folder).as_posix(), file)
            for folder in self._folders
            for file in (*templates_in(folder), *sorted((folder / "examples").glob("*.py")))
        ]
        words = "\0".join(f"{name}\0{text_of(file)}" for name, file in files)
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    @property
    def counters(self) -> tuple[str, ...]:
        """Every counter that some stage wants to see, each once."""
        return tuple(dict.fromkeys(name for stage in self.stages.values() for name in stage.counters))

    def render(self, stage: Stage, scene: Scene) -> Prompt:
        """Fill the stage's words with what the scene holds; raises PromptError with file and line."""
        file = self.origin(stage.name)
        if lack := _lack(stage.kind, scene):
            raise PromptError(f"{file}:1: {lack}")
        names = {
            "scene": scene,
            "stage": stage,
            "counters": ShownCounters(stage, scene.parent.profile if scene.parent else None),
            "example": self._example,
            "triton_api": installed_api,
        }
        user = self._templates.fill(stage.template, file, names)
        if scene.again:
            user += "\n\n" + self._partial(_AGAIN, names)
        return Prompt(self._partial(_SYSTEM, names), user)

    def _partial(self, name: str, names: Mapping[str, Any]) -> str:
        return self._templates.fill(self._templates.read(name), self._file(name), names)

    def _file(self, name: str) -> Path:
        return self._templates.find(name) or SHIPPED / name

    def _example(self, kind: Kind) -> str:
        """Worked example of one kind of task, as Python text."""
        return self._templates.read(f"examples/{kind}.py")


def _lack(kind: StageKind, scene: Scene) -> str:
    """Say what a stage of this kind starts from and the scene has not; empty where nothing is missing."""
    if kind is not StageKind.SEED and scene.parent is None:
        return "the stage starts from a kernel, and the scene has none"
    if kind is StageKind.REWRITE and scene.plan is None:
        return "the stage starts from a kernel and a plan, and the scene has no plan"
    if kind is StageKind.COMBINE and len(scene.parents) != 2:
        return f"the stage starts from two kernels, and the scene has {len(scene.parents)}"
    return ""
