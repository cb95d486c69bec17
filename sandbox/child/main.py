"""The candidate's process: builds ModelNew, then answers releases through the shared words until it is killed."""

import os
import resource
import struct
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from sandbox.child import card, device_time, emulator, fresh_memory, libraries, load, setup, weights, words
from sandbox.child.arena import Arena
from sandbox.child.denied import ALONE, ALWAYS, refuse
from sandbox.child.failures import OutputError, outcome
from sandbox.child.layout import TYPES, outputs_of, put_together
from sandbox.child.removal import Removal
from sandbox.child.words import Command, Status, Word
from sandbox.gpu import gpu_named


class Worker:
    """One ModelNew between its weights, inputs and outputs in the arena."""

    def __init__(self, told: setup.Setup, arena: Arena) -> None:
        """Make the views that stay the same for every release."""
        self._told, self._arena = told, arena
        self._on_card = told.place == "cuda"
        self._sets = [self._set(index * told.stride) for index in range(told.sets)]
        self._weights = {name: arena.tensor(slot) for name, _, slot in told.weights}
        self._removal = Removal(told.removed) if told.removed else None

    def _set(self, shift: int) -> tuple[Any, list[torch.Tensor]]:
        """View one set's inputs and outputs."""
        inputs = [self._arena.tensor(each.moved(shift)) for each in self._told.inputs]
        outputs = [self._arena.tensor(each.moved(shift)) for each in self._told.outputs]
        return put_together(self._told.structure, inputs), outputs

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

    def act_for(self, command: int) -> Callable[[], Sequence[int]]:
        """Give what a release asks for."""
        acts = {
            Command.CALL: self.call,
            Command.RELOAD: self.reload,
            Command.ASSIGN: self.assign,
            Command.PROFILE: self.profile,
        }
        return acts[Command(command)]

    def assign(self) -> Sequence[int]:
        """Write the weights that lie in the arena now into the model's own tensors."""
        weights.assign(self._model, self._matching, self._weights)
        return ()

    def profile(self) -> Sequence[int]:
        """Call the model on the inputs under a profiler; gives nanoseconds on the card (``Status.OK``)."""
        inputs, _ = self._sets[0]
        with torch.no_grad():
            return device_time.of(lambda: self._model(*inputs), self._told.own[: words.DETAILS - 1])

    def call(self) -> Sequence[int]:
        """Call the model on the first sets; raises OutputError where it returns anything but what was asked for."""
        with torch.no_grad():
            for inputs, outputs in self._sets[: self._arena.words[Word.CALLS]]:
                result = self._model(*inputs)
                for slot, each in zip(outputs, self._fitting(result), strict=True):
                    slot.copy_(each)
        if self._on_card:
            torch.cuda.synchronize()
        return (self._removal.skipped,) if self._removal else ()

    def _fitting(self, result: object) -> list[torch.Tensor]:
        try:
            found = outputs_of(result, "cuda" if self._on_card else None)
        except TypeError:
            raise OutputError(Status.OUTPUT_COUNT, -1) from None
        if len(found) != len(self._told.outputs):
            raise OutputError(Status.OUTPUT_COUNT, len(found))
        for index, (each, slot) in enumerate(zip(found, self._told.outputs, strict=True)):
            elsewhere = self._on_card and not each.is_cuda
            if elsewhere or each.dtype != slot.kind or tuple(each.shape) != slot.shape:
                code = TYPES.index(each.dtype) if each.dtype in TYPES else -1
                shape = tuple(each.shape)[: words.DETAILS - 4]
                raise OutputError(Status.OUTPUT_TENSOR, index, elsewhere, code, each.dim(), *shape)
        return found


def main() -> None:
    """Import, wait for the setup, build, serve; arguments: place, descriptors of the shared memory and the setup."""
    place, shared, letter = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    libraries.load(place)
    os.pwrite(shared, struct.pack("<q", time.process_time_ns()), Word.IMPORT_NS * 8)
    told = _awaited(letter)
    begin = time.perf_counter_ns()
    arena = Arena(shared)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = told.tf32
    if told.place == "cuda":
        _step(arena, words.BUILD, lambda: _open_card(told, arena), Status.NO_ARENA)
    else:
        emulator.install(gpu_named(told.gpu), tensors="cpu")
        fresh_memory.install(arena.words[Word.FILL])
    arena.words[Word.CONTEXT_NS] = time.perf_counter_ns() - begin
    begin = time.perf_counter_ns()
    worker = Worker(told, arena)
    _step(arena, words.BUILD, worker.read, Status.NOT_IMPORTED)
    _step(arena, words.BUILD, worker.build, Status.NOT_BUILT)
    arena.words[Word.BUILD_NS] = time.perf_counter_ns() - begin
    _step(arena, words.BUILD, worker.take_weights, Status.NOT_BUILT, last=True)
    number = words.BUILD
    while True:
        # The first release may be long in coming, and is not timed.
        number = _next_release(arena, number, spinning=place == "cuda" and number != words.BUILD)
        _step(arena, number, worker.act_for(arena.words[Word.COMMAND]), Status.RAISED, last=True)


def _awaited(letter: int) -> setup.Setup:
    """Sleep until standard input ends: then the setup lies in the file ``letter``. Keep within what it allows."""
    sys.stdin.buffer.read()
    with os.fdopen(letter, "rb") as written:
        told = setup.read(written)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if told.address_space:
        resource.setrlimit(resource.RLIMIT_AS, (told.address_space, told.address_space))
    pin_threads(told.cpus)
    refuse(ALWAYS, ALONE)
    return told


def pin_threads(cpus: Iterable[int]) -> None:
    """Keep every thread of this process to these processors: those that libraries started have a mask of their own."""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):  # it has ended
            os.sched_setaffinity(int(thread.name), cpus)


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
    # What went wrong answers whatever was asked last: nothing more will be done.
    arena.words[Word.DONE] = number if status is Status.OK else arena.words[Word.RUN]
    if status is not Status.OK:
        time.sleep(3600)


def _next_release(arena: Arena, number: int, *, spinning: bool) -> int:
    while arena.words[Word.RUN] == number:
        arena.words[Word.AWAKE] = arena.words[Word.ROUSED]
        if not spinning:
            time.sleep(2e-4)
    return arena.words[Word.RUN]


def _open_card(told: setup.Setup, arena: Arena) -> Sequence[int]:
    slots = (*(slot for _, _, slot in told.weights), *told.inputs, *told.outputs)
    end = max((slot.offset + slot.bytes for slot in slots), default=1)
    arena.area = card.opened(arena.handle, end + (told.sets - 1) * told.stride)
    return ()


if __name__ == "__main__":
    main()
