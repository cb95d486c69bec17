"""Follows a candidate at full size on shapes alone, and says what it launches: a process of its own, asked once.

It is followed twice, compiled and interpreted. Each is a fork of one process that has imported torch, which takes a
second; Triton is imported after the fork, for it settles then whether it interprets.
"""

import ctypes
import json
import os
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import torch

from sandbox.child import emulator, layout, libraries, load, no_dynamo
from sandbox.child.denied import ALONE, ALWAYS, refuse
from sandbox.child.records import Recorded
from sandbox.gpu import gpu_named

_PR_SET_DUMPABLE = 4
LONGEST = 1 << 20
"""Bytes of one mode's answer."""


class Mode(StrEnum):
    """What is done with a launch."""

    COMPILE = "compiled"
    COUNT = "counted"

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that Triton reads when it is imported."""
        return {"TRITON_INTERPRET": "1"} if self is Mode.COUNT else {}


@dataclass(frozen=True, slots=True)
class Shape:
    """A tensor without its contents."""

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, slots=True)
class Question:
    """What to follow."""

    source: str
    """Python text that defines ``ModelNew``."""
    init: str
    """Arguments of ``ModelNew``, a list as ``repr`` writes it."""
    structure: Any
    """Of the inputs, as ``layout.take_apart`` gives it."""
    tensors: tuple[Shape, ...]
    gpu: str


def follow(question: dict[str, Any], mode: Mode) -> Recorded:
    """Build the candidate and call it once; what it raises is in the answer."""
    os.environ.update(mode.environment)
    emulator.install(gpu_named(question["gpu"]), tensors="meta")
    from sandbox.child.emulator import recording  # after the patches: they say where tensors lie

    recorder = recording.Recorder()
    folder = Path.cwd()
    if mode is Mode.COMPILE:
        recording.install_compiling(recorder)
    else:
        recording.install_counting(recorder, str(folder / load.FILE))
    try:
        operators = _call(question, folder)
    except emulator.Unsupported as reason:
        return Recorded(unsupported=str(reason)[:500])
    except recording.KernelFailedError as error:
        return Recorded(error=str(error)[:4000])
    except Exception as error:  # noqa: BLE001  # it was right with real data, so what it raises without is this place's limit
        traceback.print_exc()
        return Recorded(unsupported=f"it cannot be followed on shapes alone: {type(error).__name__}: {error}"[:500])
    return Recorded(recorder.sites, operators)


def _call(question: dict[str, Any], folder: Path) -> Any:
    from sandbox.child.traced import OperatorTrace  # brings Triton, by torch's own count of operations

    def made(told: dict[str, Any]) -> torch.Tensor:
        return torch.empty_strided(told["shape"], told["stride"], dtype=getattr(torch, told["dtype"]), device="meta")

    model = load.built(load.imported(question["source"], folder), question["init"], "cuda")
    model.load_state_dict(model.state_dict(), strict=False)  # a candidate may pack its weights when they are loaded
    inputs = layout.put_together(question["structure"], [made(each) for each in question["tensors"]])
    with torch.no_grad(), OperatorTrace() as traced:
        outputs = layout.outputs_of(model(*inputs))
    if not {type(each) for each in outputs} <= {torch.Tensor, torch.nn.Parameter}:
        raise emulator.Unsupported("it returns a subclass of Tensor, which may compute when it is read")
    return tuple(traced.operators)


def _followed_apart(question: dict[str, Any], mode: Mode, answer: int, others: Iterable[int]) -> int:
    """Follow it in a fork, which writes to the descriptor ``answer`` and has none of the ``others``; gives its id."""
    child = os.fork()
    if child:
        return child
    try:
        for each in others:
            os.close(each)
        Path(mode).mkdir()
        os.chdir(mode)  # each has its files to itself
        written = json.dumps(asdict(follow(question, mode))).encode()
        if len(written) > LONGEST:
            written = json.dumps(asdict(Recorded(unsupported="more launches than an answer can hold"))).encode()
        with os.fdopen(answer, "wb") as out:
            out.write(written)
    except BaseException:  # noqa: BLE001  # a fork has no caller to tell
        traceback.print_exc()
    finally:
        os._exit(0)  # whatever happened: only the first process goes on to ``main``'s end


def main() -> None:
    """Read a question from stdin, answer with one JSON line on the descriptor that the only argument names."""
    refuse(ALWAYS, ALONE)
    question = json.loads(sys.stdin.buffer.read())
    no_dynamo.install()
    libraries.keep()
    # Through /proc a fork would have the memory and the descriptors of this process all the same, and of its twin.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    reply, answers = int(sys.argv[1]), {mode: os.memfd_create(mode) for mode in Mode}
    ours = {reply, *answers.values()}
    for child in [_followed_apart(question, mode, answer, ours - {answer}) for mode, answer in answers.items()]:
        os.waitpid(child, 0)
    told = {mode: os.pread(answer, LONGEST, 0) or b"null" for mode, answer in answers.items()}
    with os.fdopen(reply, "wb") as out:
        out.write(b"{%s}" % b", ".join(b'"%s": %s' % (mode.encode(), answer) for mode, answer in told.items()))


if __name__ == "__main__":
    main()
