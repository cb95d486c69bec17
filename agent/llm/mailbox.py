"""Each prompt becomes a file, and its answer is a file put beside it: a person or another program is the model."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from agent.llm import Finish, LlmError, Move, Reply, ReplyPending, Usage
from agent.whole_file import write_whole
from prompts.library import Prompt
from sandbox.codec import CodecError, decode


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What ``….answer.json`` may say about the answer; to be put there before the answer itself."""

    model: str = ""
    usage: Usage = Usage()
    finish: Finish = Finish.DONE


class Mailbox:
    """A folder of prompts and answers. An answer put there serves every later run that makes the same move."""

    paid = False
    notices: list[str] = []

    def __init__(self, folder: Path, model: str = "") -> None:
        self._folder = folder
        self._model = model

    def check(self, task_id: str) -> None:
        """Make the folder; raises LlmError where that fails."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LlmError(f"mailbox: cannot make {self._folder}: {(error.strerror or str(error)).lower()}") from error

    def complete(self, prompt: Prompt, move: Move) -> Reply:
        """Take the answer, else put the prompt there and raise ReplyPending.

        Raises LlmError for a broken answer, and HomeError where the prompt cannot be written.
        """
        stem = _stem(move)
        answer, question = self._folder / f"{stem}.answer.md", self._folder / f"{stem}.prompt.md"
        text = _text(answer)
        if text.strip():
            about = self._about(self._folder / f"{stem}.answer.json")
            return Reply(text, about.finish, about.usage, about.model)
        letter = _letter(prompt)
        if _text(question) != letter:
            write_whole(question, letter)
        raise ReplyPending(f"waiting for {answer}, the answer to {question.name} beside it")

    def _about(self, file: Path) -> Sidecar:
        text = _text(file)
        try:
            about: Sidecar = decode(Sidecar, json.loads(text)) if text.strip() else Sidecar()
        except (json.JSONDecodeError, CodecError) as error:
            raise LlmError(f"mailbox: {file}: {error}") from error
        return about if about.model else replace(about, model=self._model)


def _stem(move: Move) -> str:
    words = re.sub(r"[^\w.-]+", ".", f"{move.task}.{move.stage}").strip(".")[-120:]
    return f"{words}.{move.repetition}.{move.key}"


def _letter(prompt: Prompt) -> str:
    system = f"===== SYSTEM =====\n\n{prompt.system}\n\n" if prompt.system else ""
    return f"{system}===== USER =====\n\n{prompt.user}\n"


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return opened.read()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise LlmError(f"mailbox: {file} is not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise LlmError(f"mailbox: cannot read {file}: {(error.strerror or str(error)).lower()}") from error


def make(*, home: Path, model: str = "", folder: str = "") -> Mailbox:
    """Use ``folder``, else ``mailbox`` in the home folder; ``model`` says who answers, where no sidecar does."""
    return Mailbox(Path(folder).expanduser() if folder else home / "mailbox", model)
