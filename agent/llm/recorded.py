"""Replies recorded from a real model, found by their moves: the embedded default, without key or network."""

from collections.abc import Collection
from importlib.resources import as_file, files
from pathlib import Path

from agent.llm import LlmError, Move, OutOfReplies, Reply
from agent.llm.recording import SUFFIX, Recording, file_name, load
from prompts.library import Prompt
from prompts.stage import Stage, StageKind
from tasks.nearest import instead

_OPTIONAL = (StageKind.PLAN, StageKind.REWRITE, StageKind.COMBINE)


class Recorded:
    """Answers from a folder with one file a task."""

    paid = False

    def __init__(self, folder: Path, place: str) -> None:
        self._folder = folder
        self._place = place
        self._tasks: dict[str, dict[str, Recording]] = {}
        self._given = 0
        self._reworded = 0
        self._left_out: dict[str, tuple[str, ...]] = {}

    @property
    def notices(self) -> list[str]:
        """Say which stages were left out, and how many prompts were not, word for word, those that were recorded."""
        told: list[str] = []
        for stages in sorted({each for each in self._left_out.values() if each}):
            tasks = ", ".join(sorted(task for task, each in self._left_out.items() if each == stages))
            told.append(f"no reply is recorded to a stage {' or '.join(stages)} for {tasks}: the search goes without")
        if self._reworded:
            told.append(
                f"{self._reworded} of {self._given} replies were recorded for other words than their prompts have now "
                "(times and errors differ from run to run, or a stage was reworded)"
            )
        return told

    def answered(self, stages: Collection[Stage], task_id: str) -> list[Stage]:
        """Leave out stages that a run can do without, where the task has no reply to them: it would end there.

        A rewrite stays with the plan before it: one that did not pay was followed by none. Raises LlmError as
        ``check``.
        """
        known = {each.move.stage for each in self._replies(task_id).values()}
        if any(each.kind is StageKind.PLAN and each.name in known for each in stages):
            known |= {each.name for each in stages if each.kind is StageKind.REWRITE}
        kept = [each for each in stages if each.kind not in _OPTIONAL or each.name in known]
        self._left_out[task_id] = tuple(sorted(each.name for each in stages if each not in kept))
        return kept

    def check(self, task_id: str) -> None:
        """Raise LlmError that names the tasks with recordings, if this one has none or its file is broken."""
        self._replies(task_id)

    def complete(self, prompt: Prompt, move: Move) -> Reply:
        """Find the reply; raises OutOfReplies where the run has left the recording.

        A recording made before unreadable replies were asked for once more ends behind its first one.
        """
        recording = self._replies(move.task).get(move.key)
        if recording is None:
            start = f"from {', '.join(move.parents)}" if move.parents else "from nothing"
            raise OutOfReplies(
                f"the run left its recording: {self._file(move.task)} holds no reply to stage {move.stage} {start}, "
                f"repetition {move.repetition}"
            )
        self._given += 1
        self._reworded += recording.prompt_digest != prompt.digest
        return recording.reply

    def _replies(self, task_id: str) -> dict[str, Recording]:
        if task_id not in self._tasks:
            file = self._file(task_id)
            if not file.is_file():
                known = sorted(each.stem.replace("__", "/") for each in self._folder.glob(f"*{SUFFIX}"))
                raise LlmError(
                    f"no replies are recorded for task {task_id} judged in the place {self._place!r}: "
                    f"{instead(task_id, known)}; --llm names a model that can be asked about any task"
                )
            self._tasks[task_id] = {recording.move.key: recording for recording in load(file)}
        return self._tasks[task_id]

    def _file(self, task_id: str) -> Path:
        return self._folder / file_name(task_id)


def make(*, place: str, folder: str = "") -> Recorded:
    """Replay what is shipped for a place (``emulated`` or ``cuda``), or the ``.jsonl`` files of ``folder``."""
    if folder:
        return Recorded(Path(folder).expanduser(), place)
    with as_file(files("agent.llm")) as package:
        return Recorded(package / "recordings" / place, place)
