"""A candidate's process as the judge sees it: shared memory, releases, and what it said by dying."""

import secrets
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import torch

from sandbox.bell import Bell
from sandbox.child import setup, words
from sandbox.child.arena import HANDLE, Arena, seal
from sandbox.child.card import SharedBuffer
from sandbox.child.layout import Slot
from sandbox.child.words import Command, Word
from sandbox.devices import Place
from sandbox.evaluation import Phase
from sandbox.inputs import Distribution
from sandbox.isolation import host_memory_bytes
from sandbox.reference import Reference
from sandbox.spares import Nursery


def setup_of(source: str, reference: Reference, place: Place) -> setup.Setup:
    """Give what a candidate's process is told."""
    arguments = reference.init, reference.weights, reference.structure, reference.inputs, reference.outputs
    address_space = 0 if place.on_card else host_memory_bytes() + reference.size
    return setup.Setup(source, *arguments, place.kind.value, place.gpu.id, reference.task.tolerance.tf32, address_space)


def fresh_pattern() -> int:
    """16 bits that are NaN in every floating-point type of two bytes or more, however often they are repeated."""
    return 0x7FF0 + secrets.randbelow(16)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The judge's own copy of an area of the arena, from byte ``start``."""

    bytes: torch.Tensor
    start: int

    def tensor(self, slot: Slot) -> torch.Tensor:
        """View one slot."""
        begin = slot.offset - self.start
        return self.bytes[begin : begin + slot.bytes].view(slot.kind).as_strided(slot.shape, slot.stride)


class Ahead(Enum):
    """What a candidate does before its turn."""

    NO = 0
    """It is its turn."""
    BUILD = 1
    CALL = 2
    """Also its first call, which compiles; nobody looks at the answer."""


class Guest:
    """One candidate, from its start to its end."""

    def __init__(self, source: str, reference: Reference, nursery: Nursery, ahead: Ahead = Ahead.NO) -> None:
        """Take a process, put the reference's weights into the arena and let it build; raises SandboxError."""
        self.reference, self.watch = reference, reference.watch
        self._nursery, self._place, self._ahead = nursery, nursery.place, ahead
        self._built: tuple[float, Sequence[int]] | None = None
        self._compiled = False
        self.fill = fresh_pattern()
        """What uninitialised memory of the candidate's holds, without a card."""
        with self.watch.lap(Phase.SANDBOX):
            self.spare = nursery.take()
            self._child, self._buffer = self.spare.child, None
            try:
                self._start(source)
            except BaseException:
                self.spare.dismiss()
                nursery.back(self.spare)
                raise

    def _start(self, source: str) -> None:
        if self._place.on_card:
            self._buffer = SharedBuffer(self.reference.size)
        seal(self.spare.arena, 0 if self._buffer else self.reference.size)
        self.arena = Arena(self.spare.arena, self._buffer.area if self._buffer else None)
        if self._buffer:
            self.arena.memory[HANDLE : HANDLE + len(self._buffer.handle)] = self._buffer.handle
        self.put_weights()
        released = words.BUILD
        if self._ahead is Ahead.CALL:
            self.put_inputs(self.reference.draw_inputs(Distribution.OWN))
            self.arena.words[Word.COMMAND] = Command.CALL
            released += 1
        self._finish_copies()
        self.arena.words[Word.FILL] = self.fill
        self.arena.words[Word.RUN] = released
        self.spare.give(setup.packed(setup_of(source, self.reference, self._place)))
        shared, outputs = self.arena.words, self.reference.outputs
        self._bell = Bell(shared, self._child, outputs, spinning=self._place.on_card, released=released)

    def build(self, timeout_s: float) -> tuple[float, Sequence[int]]:
        """Wait until it is built; gives seconds and how weights were matched (``Matching.counts``). Raises Ruling.

        One that was built ahead took the weights of then, so it takes those of now; its seconds are its own process's.
        """
        if self._built is None:
            begin = time.perf_counter()
            with self.watch.lap(Phase.BUILD):
                self._bell.wait(timeout_s)
            seconds, counts = time.perf_counter() - begin, self._bell.details[:4]
            if self._ahead is not Ahead.NO:
                seconds = max(0, self.arena.words[Word.CONTEXT_NS] + self.arena.words[Word.BUILD_NS]) / 1e9
                self.put_weights()
                self.release(Command.RELOAD, timeout_s)
            self._built = seconds, counts
            self.watch.add(Phase.IMPORT, self.arena.words[Word.IMPORT_NS])
            self.watch.add(Phase.CONTEXT, self.arena.words[Word.CONTEXT_NS])
        return self._built

    @property
    def under_way(self) -> bool:
        """Whether it still does what it was last let do."""
        return not self._bell.answered

    def put_weights(self) -> None:
        """Copy the reference's weights of now into the arena."""
        state = self.reference.state
        for name, _, slot in self.reference.weights:
            self.arena.tensor(slot).copy_(state[name])

    def put_inputs(self, tensors: Sequence[torch.Tensor]) -> None:
        """Copy one input set into the arena."""
        for slot, each in zip(self.reference.inputs, tensors, strict=True):
            self.arena.tensor(slot).copy_(each)

    def _finish_copies(self) -> None:
        if self._place.on_card:
            torch.cuda.synchronize()

    def poison(self) -> int:
        """Fill the outputs with a fresh pattern, and give it."""
        pattern = fresh_pattern()
        area = self._area(self.reference.outputs_start, self.reference.size)
        area.view(torch.int16).fill_(pattern)
        return pattern

    def stop(self) -> None:
        """Let it do nothing until the next release."""
        self._child.signal(signal.SIGSTOP)

    def release(self, command: Command, timeout_s: float) -> int:
        """Let it do one thing; gives nanoseconds from the release to its answer. Raises Ruling."""
        first = command is Command.CALL and not self._compiled
        self._compiled |= first
        with self.watch.lap(Phase.COMPILE if first else Phase.RUNS):
            self._finish_copies()
            return self._bell.ring(command, timeout_s)

    def inputs(self) -> Snapshot:
        """Copy the inputs as they lie in the arena."""
        return self._snapshot(self.reference.inputs_start, self.reference.outputs_start)

    def outputs(self) -> Snapshot:
        """Copy the outputs as they lie in the arena."""
        return self._snapshot(self.reference.outputs_start, self.reference.size)

    def unchanged(self, before: Snapshot) -> bool:
        """Whether the arena still holds what it held."""
        now = self._area(before.start, before.start + before.bytes.numel())
        return torch.equal(now.view(torch.int64), before.bytes.view(torch.int64))

    def _snapshot(self, start: int, end: int) -> Snapshot:
        return Snapshot(self._area(start, end).clone(), start)

    def _area(self, start: int, end: int) -> torch.Tensor:
        return self.arena.area[start:end]

    def close(self) -> None:
        """Kill it with all that it started, and give the memory back."""
        self._child.kill()
        self._nursery.back(self.spare)
        if self._buffer:
            torch.cuda.synchronize()
            self._buffer.free()
            self._buffer = None
        self.arena.close()
