"""Replies recorded from a real model, found by their moves: the embedded default, without key or network."""

from importlib.resources import as_file, files
from pathlib import Path

from agent.llm import LlmError, Move, OutOfReplies, Reply
from agent.llm.recording import SUFFIX, Recording, file_name, load
from prompts.library import Prompt
from tasks.nearest import instead


class Recorded:
    """Answers from a folder with one file a task."""

    paid = False

    def __init__(self, folder: Path, place: str) -> None:
        self._folder = folder
        self._place = place
        self._tasks: dict[str, dict[str, Recording]] = {}
        self._given = 0
        self._reworded = 0

    @property
    def notices(self) -> list[str]:
        """Say how many prompts were not, word for word, those that the recorded model was shown."""
        if not self._reworded:
            return []
        return [
            f"{self._reworded} of {self._given} replies were recorded for other words than their prompts have now "
            "(times and errors differ from run to run, or a stage was reworded)"
        ]

    def check(self, task_id: str) -> None:
        """Raise LlmError that names the tasks with recordings, if this one has none or its file is broken."""
        self._replies(task_id)

    def complete(self, prompt: Prompt, move: Move) -> Reply:
        """Find the reply; raises OutOfReplies where the run has left the recording."""
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
