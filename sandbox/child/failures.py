"""What an exception of a candidate's means, as one word."""

import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from sandbox.child.emulator import Unsupported
from sandbox.child.load import FILE
from sandbox.child.weights import UnmatchedError
from sandbox.child.words import Status


class OutputError(Exception):
    """What came back does not have the structure that was asked for."""

    def __init__(self, status: Status, *details: int) -> None:
        super().__init__(status.name)
        self.status, self.details = status, details


def outcome(act: Callable[[], Sequence[int]], otherwise: Status) -> tuple[Status, Sequence[int]]:
    """Run one step of the candidate's; what it raises is printed and becomes a status, at worst ``otherwise``."""
    try:
        return Status.OK, act()
    except OutputError as error:
        return error.status, error.details
    except UnmatchedError as error:
        sys.stderr.write(f"{error}\n")
        return Status.WEIGHTS_UNMATCHED, ()
    except (Exception, Unsupported) as error:  # noqa: BLE001  nobody has read this code: it may raise anything
        _show(error)
        return status_of(error, otherwise), ()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def status_of(error: BaseException, otherwise: Status) -> Status:
    """Give the status of the exception, or of the one that caused it."""
    cause: BaseException | None = error
    while cause is not None:
        for status, kinds in _known().items():
            if isinstance(cause, kinds):
                return status
        # torch has no class for host memory that ran out, only this message of its allocator.
        if isinstance(cause, RuntimeError) and "DefaultCPUAllocator" in str(cause):
            return Status.OUT_OF_MEMORY
        cause = cause.__cause__ or cause.__context__
    return otherwise


def _known() -> dict[Status, tuple[type[BaseException], ...]]:
    known: dict[Status, tuple[type[BaseException], ...]] = {
        Status.OUT_OF_MEMORY: (MemoryError, torch.OutOfMemoryError),
        Status.OUT_OF_RESOURCES: _loaded("triton.runtime.errors", "OutOfResources"),
        Status.NOT_COMPILED: (
            *_loaded("triton.compiler.errors", "CompilationError"),
            *_loaded("triton.runtime.errors", "PTXASError"),
        ),
        Status.UNSUPPORTED: (Unsupported,),
    }
    return known


def _loaded(module: str, name: str) -> tuple[type[BaseException], ...]:
    """Give a class of a module that the candidate may never have imported: then it can't have raised it."""
    found = getattr(sys.modules.get(module), name, None)
    return (found,) if isinstance(found, type) and issubclass(found, BaseException) else ()


def _show(error: BaseException) -> None:
    """Print the traceback from the candidate's first frame on: what stands above it says nothing to its author."""
    frames = error.__traceback__
    while frames and Path(frames.tb_frame.f_code.co_filename).name != FILE:
        frames = frames.tb_next
    traceback.print_exception(type(error), error, frames or error.__traceback__)
