"""A candidate's process as the judge sees it: shared memory, releases, and what it said by dying."""

import secrets
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sandbox.bell import Bell
from sandbox.child import setup, words
from sandbox.child.arena import HANDLE, Arena, sealed
from sandbox.child.card import SharedBuffer
from sandbox.child.layout import Slot
from sandbox.child.words import Command, Word
from sandbox.devices import Place
from sandbox.isolation import FILE_BYTES, Isolation, host_memory_bytes
from sandbox.leashed import Box, Child, module_command
from sandbox.reference import Reference


def setup_of(source: str, reference: Reference, place: Place) -> setup.Setup:
    """Give what a candidate's process is told."""
    arguments = reference.init, reference.weights, reference.structure, reference.inputs, reference.outputs
    return setup.Setup(source, *arguments, place.kind.value, place.gpu.id, reference.task.tolerance.tf32)


def fresh_pattern() -> int:
    """16 bits that are NaN in every floating-point type of two bytes or more, however often they are repeated.

    Never 0x7FFF: a card writes that for an honest NaN of two bytes.
    """
    return 0x7FF0 + secrets.randbelow(15)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The judge's own copy of an area of the arena, from byte ``start``."""

    bytes: torch.Tensor
    start: int

    def tensor(self, slot: Slot) -> torch.Tensor:
        """View one slot."""
        begin = slot.offset - self.start
        return self.bytes[begin : begin + slot.bytes].view(slot.kind).as_strided(slot.shape, slot.stride)


class Guest:
    """One candidate, from its start to its end."""

    def __init__(self, source: str, reference: Reference, place: Place, isolation: Isolation) -> None:
        """Lay out the arena, put the reference's weights into it and start; raises SandboxError."""
        self.reference, self._place, self._isolation = reference, place, isolation
        self._buffer = SharedBuffer(reference.size) if place.on_card else None
        descriptor = sealed(0 if self._buffer else reference.size)
        self.arena = Arena(descriptor, self._buffer.area if self._buffer else None)
        if self._buffer:
            self.arena.memory[HANDLE : HANDLE + len(self._buffer.handle)] = self._buffer.handle
        self.fill = fresh_pattern()
        """What uninitialised memory of the candidate's holds, without a card."""
        self.put_weights()
        self._finish_copies()
        self._child = self._start(source, descriptor)
        self._bell = Bell(self.arena.words, self._child, reference.outputs, spinning=place.on_card)

    def _start(self, source: str, descriptor: int) -> Child:
        place = self._place
        told = setup_of(source, self.reference, place)
        environment = {} if place.on_card else {"TRITON_INTERPRET": "1", "CUDA_VISIBLE_DEVICES": ""}
        address_space = 0 if place.on_card else host_memory_bytes() + self.reference.size
        box = Box(self._isolation, environment, address_space, FILE_BYTES)
        with tempfile.TemporaryFile() as stdin:
            stdin.write(setup.packed(told))
            stdin.seek(0)
            self.arena.words[Word.FILL] = self.fill
            self.arena.words[Word.RUN] = words.BUILD
            command = module_command("sandbox.child.main", str(descriptor))
            return Child(command, box, fds=(descriptor,), stdin=stdin.fileno())

    def build(self, timeout_s: float) -> tuple[float, Sequence[int]]:
        """Wait until it is built; gives seconds and how weights were matched (``Matching.counts``). Raises Ruling."""
        begin = time.perf_counter()
        self._bell.wait(timeout_s)
        return time.perf_counter() - begin, self._bell.details[:4]

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
        if self._buffer:
            torch.cuda.synchronize()
            self._buffer.free()
            self._buffer = None
        self.arena.close()
