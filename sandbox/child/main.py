"""The candidate's process: builds ModelNew, then answers releases through the shared words until it is killed."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from sandbox.child import card, emulator, fresh_memory, load, setup, weights, words
from sandbox.child.arena import Arena
from sandbox.child.failures import OutputError, outcome
from sandbox.child.layout import TYPES, outputs_of, put_together
from sandbox.child.words import Command, Status, Word
from sandbox.gpu import gpu_named


class Worker:
    """One ModelNew between its weights, inputs and outputs in the arena."""

    def __init__(self, told: setup.Setup, arena: Arena) -> None:
        """Make the views that stay the same for every release."""
        self._told, self._arena = told, arena
        self._on_card = told.place == "cuda"
        self._inputs = put_together(told.structure, [arena.tensor(each) for each in told.inputs])
        self._outputs = [arena.tensor(each) for each in told.outputs]
        self._weights = {name: arena.tensor(slot) for name, _, slot in told.weights}

    def read(self) -> Sequence[int]:
        """Import the candidate."""
        self._module = load.imported(self._told.source, Path.cwd())
        return ()

    def build(self) -> Sequence[int]:
        """Make the model."""
        self._model = load.built(self._module, self._told.init, "cuda" if self._on_card else None)
        return ()

    def take_weights(self) -> Sequence[int]:
        """Find out which weight goes where, and load them; gives the matching's counts."""
        known = [(name, is_parameter, slot.shape) for name, is_parameter, slot in self._told.weights]
        self._matching = weights.match(self._model, known)
        return self.reload()

    def reload(self) -> Sequence[int]:
        """Load the weights that lie in the arena now."""
        weights.load(self._model, self._matching, self._weights)
        return self._matching.counts

    def call(self) -> Sequence[int]:
        """Call the model and copy what it returns; raises OutputError where that is not what was asked for."""
        with torch.no_grad():
            result = self._model(*self._inputs)
            for slot, each in zip(self._outputs, self._fitting(result), strict=True):
                slot.copy_(each)
        if self._on_card:
            torch.cuda.synchronize()
        return ()

    def _fitting(self, result: object) -> list[torch.Tensor]:
        try:
            found = outputs_of(result, "cuda" if self._on_card else None)
        except TypeError:
            raise OutputError(Status.OUTPUT_COUNT, -1) from None
        if len(found) != len(self._outputs):
            raise OutputError(Status.OUTPUT_COUNT, len(found))
        for index, (each, slot) in enumerate(zip(found, self._outputs, strict=True)):
            elsewhere = self._on_card and not each.is_cuda
            if elsewhere or each.dtype != slot.dtype or each.shape != slot.shape:
                code = TYPES.index(each.dtype) if each.dtype in TYPES else -1
                shape = tuple(each.shape)[: words.DETAILS - 4]
                raise OutputError(Status.OUTPUT_TENSOR, index, elsewhere, code, each.dim(), *shape)
        return found


def main() -> None:
    """Read the setup, build, serve. The shared memory's descriptor is the only argument."""
    told = setup.read(sys.stdin.buffer)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    arena = Arena(int(sys.argv[1]))
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = told.tf32
    if told.place == "cuda":
        _step(arena, words.BUILD, lambda: _open_card(told, arena), Status.NO_ARENA)
    else:
        emulator.install(gpu_named(told.gpu), tensors="cpu")
        fresh_memory.install(arena.words[Word.FILL])
    worker = Worker(told, arena)
    _step(arena, words.BUILD, worker.read, Status.NOT_IMPORTED)
    _step(arena, words.BUILD, worker.build, Status.NOT_BUILT)
    _step(arena, words.BUILD, worker.take_weights, Status.NOT_BUILT, last=True)
    number = words.BUILD
    while True:
        number = _next_release(arena, number, spinning=told.place == "cuda")
        act = worker.call if arena.words[Word.COMMAND] == Command.CALL else worker.reload
        _step(arena, number, act, Status.RAISED, last=True)


def _step(
    arena: Arena, number: int, act: Callable[[], Sequence[int]], otherwise: Status, *, last: bool = False
) -> None:
    """Do one step of a release; tell the judge after the last one, or when one went wrong, and then stop for good."""
    status, details = outcome(act, otherwise)
    if status is Status.OK and not last:
        return
    for place, detail in enumerate(details, Word.DETAIL):
        arena.words[place] = detail
    arena.words[Word.STATUS] = status
    arena.words[Word.DONE] = number
    if status is not Status.OK:
        time.sleep(3600)


def _next_release(arena: Arena, number: int, *, spinning: bool) -> int:
    while arena.words[Word.RUN] == number:
        if not spinning:
            time.sleep(2e-4)
    return arena.words[Word.RUN]


def _open_card(told: setup.Setup, arena: Arena) -> Sequence[int]:
    slots = (*(slot for _, _, slot in told.weights), *told.inputs, *told.outputs)
    arena.area = card.opened(arena.handle, max((slot.offset + slot.bytes for slot in slots), default=1))
    return ()


if __name__ == "__main__":
    main()
