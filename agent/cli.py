"""``kernelwright``: reads words, calls one command, and turns what went wrong into one line and an exit code."""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Annotated, cast

import typer

from agent.commands import ablate, improve, judge, lint, look
from agent.halt import FAULTS, Code, Halt, told
from agent.llm import ReplyPending
from agent.shell import rooted, shared

_UsageError = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""What a wrong command line raises; Typer exports no name for it, and its versions keep it in different places."""
_COMMANDS: dict[str, Callable[..., None]] = {
    "optimize": improve.optimize,
    "batch": improve.batch,
    "resume": improve.resume,
    "ablate": ablate.ablate,
    "evaluate": judge.evaluate,
    "lint": lint.lint,
    "prompt": judge.prompt,
    "leaderboard": look.leaderboard,
    "show": look.show,
    "doctor": look.diagnose,
    "list": look.names,
}

app = typer.Typer(name="kernelwright", add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False)
for _name, _command in _COMMANDS.items():
    app.command(_name)(shared(_command))


def _version(wanted: bool) -> None:  # noqa: FBT001 (the shape of a callback)
    if wanted:
        print(f"kernelwright {metadata.version('kernelwright')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
@rooted
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Makes PyTorch programs faster: a model writes Triton kernels, a sandbox judges them, the best is kept.

    Example: kernelwright optimize conv2d_min_add_scale
    """
    if context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """Run this process's command line, and end the process with the exit code."""
    code = run(sys.argv[1:])
    if code == Code.READER_GONE:
        _leave_unread()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; what went wrong is said in one line on stderr."""
    try:
        code = app(args=list(arguments), prog_name="kernelwright", standalone_mode=False)
        sys.stdout.flush()
    except Halt as halt:
        return _said(str(halt), halt.code)
    except _UsageError as error:
        return _said(_usage(error), Code.WRONG_USE)
    except ReplyPending as pending:
        return _said(told(pending), Code.WAITING)
    except BrokenPipeError:
        return Code.READER_GONE
    except FAULTS as fault:
        return _said(told(fault), Code.WRONG_USE)
    except (KeyboardInterrupt, typer.Abort):
        return _said("stopped", Code.INTERRUPTED)
    except Exception:  # noqa: BLE001 (whatever is left is a bug of ours, and must say so)
        traceback.print_exc()
        return _said("this is a bug of kernelwright, not of yours; please report the lines above", Code.BUG)
    return _said("stopped", Code.INTERRUPTED) if code == Code.INTERRUPTED else int(code or Code.DONE)


def _said(line: str, code: Code) -> Code:
    try:
        print(f"kernelwright: {line}", file=sys.stderr)
    except BrokenPipeError:
        return Code.READER_GONE
    return code


def _usage(error: Exception) -> str:
    words: str = getattr(error, "format_message", error.__str__)()
    return " ".join(words.replace("Value error, ", "").split())


def _leave_unread() -> None:
    """Point both streams at nothing, so that Python's own farewell does not fail at the closed pipe."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nothing, stream.fileno())
