"""Replies kept in a file, one JSON object a line, to be found again by their moves."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agent.llm import Finish, LlmError, Move, Reply, Usage
from agent.whole_file import write_whole
from sandbox.codec import CodecError, decode, encode


@dataclass(frozen=True, slots=True)
class Recording:
    """One line: a question by its move, and what a model said to it."""

    move: Move
    prompt_digest: str
    """Of the words that the model was shown."""
    model: str
    finish: Finish
    usage: Usage
    text: str
    reasoning: str = ""

    @property
    def reply(self) -> Reply:
        """What came back."""
        return Reply(self.text, self.finish, self.usage, self.model, self.reasoning)


SUFFIX = ".jsonl"


def file_name(task_id: str) -> str:
    """Name of the file that holds a task's replies."""
    return f"{task_id.replace('/', '__')}{SUFFIX}"


def save(file: Path, replies: Iterable[tuple[Move, str, Reply]]) -> None:
    """Write (move, digest of its prompt, reply) in order, in one piece; raises HomeError where it cannot be written."""
    lines = [
        json.dumps(encode(Recording(move, digest, reply.model, reply.finish, reply.usage, reply.text, reply.reasoning)))
        for move, digest, reply in replies
    ]
    write_whole(file, "".join(f"{line}\n" for line in lines))


def load(file: Path) -> tuple[Recording, ...]:
    """Read a file that ``save`` wrote; raises LlmError that names the file and the line."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise LlmError(f"recording {file} cannot be read: {error}") from error
    found: dict[str, Recording] = {}
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            recording: Recording = decode(Recording, json.loads(line))
        except (json.JSONDecodeError, CodecError) as error:
            raise LlmError(f"recording {file}, line {number}: {error}") from error
        if recording.move.key in found:
            raise LlmError(f"recording {file}, line {number}: a second reply to the same move")
        found[recording.move.key] = recording
    return tuple(found.values())
