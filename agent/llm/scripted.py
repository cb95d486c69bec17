"""Answers from a list, in the order of the questions: a model for tests that kill and resume the program."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from agent.llm import LlmError, Move, OutOfReplies, Reply
from prompts.library import Prompt
from sandbox.codec import decode

Answer = str | Reply


class Scripted:
    """Each task goes through the answers from their start; the same move always gets the same one.

    With a log the order of the moves is remembered there, so that a process that takes up a killed one's run goes on
    with the next answer.
    """

    notices: list[str] = []

    def __init__(self, answers: Sequence[Answer], log: Path | None = None, *, paid: bool = False) -> None:
        self.paid = paid
        self._answers = [Reply(each) if isinstance(each, str) else each for each in answers]
        self._log = log
        self._asked: dict[str, list[str]] = {}
        for line in log.read_text().splitlines() if log and log.exists() else ():
            task, key = line.split("\t")
            self._position(task, key)

    def check(self, task_id: str) -> None:
        """Raise LlmError if there is no answer at all."""
        if not self._answers:
            raise LlmError("scripted: no answers; give some with llm.options.answers or llm.options.file")

    def complete(self, prompt: Prompt, move: Move) -> Reply:
        """Log the question, then answer it; raises OutOfReplies when the list is over."""
        if self._log:
            _append(self._log, f"{move.task}\t{move.key}\n")
        position = self._position(move.task, move.key)
        if position >= len(self._answers):
            raise OutOfReplies(f"scripted: {len(self._answers)} answers, and this is question {position + 1}")
        return self._answers[position]

    def _position(self, task: str, key: str) -> int:
        keys = self._asked.setdefault(task, [])
        if key not in keys:
            keys.append(key)
        return keys.index(key)


def _append(file: Path, line: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def make(*, answers: tuple[Answer, ...] = (), file: str = "", log: str = "", paid: bool = False) -> Scripted:
    """Take ``answers``, then those of ``file``: a JSON list of texts, or of objects with the fields of a reply.

    ``log`` is a file to which each question's task and move are appended before it is answered. Raises LlmError.
    """
    return Scripted((*answers, *(_read(Path(file)) if file else ())), Path(log) if log else None, paid=paid)


def _read(file: Path) -> tuple[Answer, ...]:
    try:
        return decode(tuple[Answer, ...], json.loads(file.read_text(encoding="utf-8")), "answers")
    except (OSError, ValueError) as error:
        raise LlmError(f"scripted: {file}: {error}") from error
