"""How a command ends before its end: one line for a person, one exit code for a program."""

from enum import IntEnum

from agent.config import ConfigError
from agent.home import HomeError
from agent.journal import JournalError
from agent.llm import LlmError
from agent.plugins import PluginError
from prompts.stage import PromptError
from sandbox.evaluation import SandboxError
from tasks.task import TaskError

FAULTS = (ConfigError, HomeError, JournalError, LlmError, PluginError, PromptError, SandboxError, TaskError, OSError)
"""Wrong use or a broken machine: what is raised says so in one line."""


class Code(IntEnum):
    """Exit codes."""

    DONE = 0
    NOTHING_CORRECT = 1
    FLAWED = 1
    """Some task has a flaw."""
    WRONG_USE = 2
    """Or a broken machine."""
    BUG = 70
    WAITING = 75
    """For replies; the run can be taken up again."""
    INTERRUPTED = 130
    READER_GONE = 141
    """As a shell reports a program that wrote into a closed pipe."""


class Halt(Exception):  # noqa: N818 (an end, not always an error)
    """Ends the command; the line says what, where, and how to go on."""

    def __init__(self, code: Code, line: str) -> None:
        super().__init__(line)
        self.code = code


def told(fault: BaseException) -> str:
    """One line of a fault; of an operating system's error without its number."""
    if isinstance(fault, OSError) and fault.strerror:
        return f"{fault.filename}: {fault.strerror.lower()}" if fault.filename else fault.strerror.lower()
    return " ".join(str(fault).split()) or type(fault).__name__
