"""A reference brought to life: its text runs as a module, and what it gives is held to the contract."""

import ast
import linecache
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from types import ModuleType
from typing import Any

import torch

from tasks.contract import OWED, check
from tasks.task import TaskError

_WORDS = 300


@dataclass(frozen=True, slots=True)
class Program:
    """A loaded reference. Only text that its user trusts is loaded: it runs in this process, with all its rights."""

    name: str
    """What errors begin with: a task's id, or a file."""
    file: str
    """The name that tracebacks give the text."""
    model_class: type[torch.nn.Module]
    get_inputs: Callable[[], object]
    get_init_inputs: Callable[[], object]


def load(source: str, name: str) -> Program:
    """Run the text as a module of its own.

    Raises TaskError, in one line that begins with ``name``: Python cannot read it, it raises while it is loaded, or
    ``Model``, ``get_inputs`` or ``get_init_inputs`` is missing or of another make.
    """
    check(source, name)
    module = ModuleType(f"reference_{sha256(source.encode()).hexdigest()[:16]}")
    module.__file__ = file = f"<{name} {module.__name__}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    sys.modules[module.__name__] = module  # dataclasses and pickle look a class's module up here
    try:
        exec(compile(source, file, "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as error:  # any error of the text is the task's, not this program's
        del sys.modules[module.__name__]
        raise _raised(error, name, file, "loading it") from error
    model, inputs, init_inputs = (getattr(module, owed, None) for owed in OWED)
    if not (isinstance(model, type) and issubclass(model, torch.nn.Module)):
        raise TaskError(f"{name}: Model is no class of torch.nn.Module, but {_short(repr(model))}")
    for owed, given in (("get_inputs", inputs), ("get_init_inputs", init_inputs)):
        if not callable(given):
            raise TaskError(f"{name}: {owed} is no function, but {_short(repr(given))}")
    return Program(name, file, model, inputs, init_inputs)  # pyright: ignore[reportArgumentType]  # callable() was asked above


def init_inputs(program: Program) -> list[Any]:
    """Give the arguments of ``Model(...)``.

    Raises TaskError when the reference raises, or when they are not a list of plain literals: a candidate is built in
    another process, which is told them as text.
    """
    given = _called(program, program.get_init_inputs, "get_init_inputs")
    for each in given:
        if not _is_literal(each):
            raise TaskError(
                f"{program.name}: get_init_inputs gives {_short(repr(each))}; numbers, strings, None, and lists, "
                "tuples or dicts of them can be handed on"
            )
    return given


def inputs(program: Program) -> list[Any]:
    """Give one set of the arguments of ``forward``, from torch's own random state and on torch's default device.

    Under ``torch.device("meta")`` they cost no memory. Raises TaskError when the reference raises (a lack of memory
    included), or gives no list.
    """
    return _called(program, program.get_inputs, "get_inputs")


def build(program: Program) -> torch.nn.Module:
    """Make the model with weights from torch's own random state; TaskError when its constructor raises."""
    arguments = init_inputs(program)
    try:
        return program.model_class(*arguments)
    except Exception as error:  # whatever the reference's constructor raises is the task's fault
        raise _raised(error, program.name, program.file, "Model(*get_init_inputs())") from error


def _called(program: Program, function: Callable[[], object], called: str) -> list[Any]:
    try:
        given = function()
    except Exception as error:  # whatever the reference raises is the task's fault
        raise _raised(error, program.name, program.file, f"{called}()") from error
    if not isinstance(given, (list, tuple)):
        raise TaskError(f"{program.name}: {called} gives a {type(given).__name__}; a list is expected")
    return list(given)


def _raised(error: BaseException, name: str, file: str, doing: str) -> TaskError:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    where = f"line {lines[-1]}: " if lines else ""
    return TaskError(f"{name}: {where}{doing} raises {_short(f'{type(error).__name__}: {error}')}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WORDS else f"{line[:_WORDS]} …"


def _is_literal(value: object) -> bool:
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (ValueError, SyntaxError, RecursionError, TypeError, RuntimeError):  # RuntimeError: == of tensors is no bool
        return False
