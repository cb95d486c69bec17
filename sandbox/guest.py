"""A candidate's process as the judge sees it: shared memory, releases, and what it said by dying."""

import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace

import torch

from sandbox import cores
from sandbox.bell import Bell
from sandbox.boxed import boxed
from sandbox.child import setup, words
from sandbox.child.arena import HANDLE, Arena, sealed
from sandbox.child.card import SharedBuffer
from sandbox.child.words import Command, Word
from sandbox.devices import Place
from sandbox.exchange import Exchange, block_bytes, fresh_pattern, room
from sandbox.isolation import Isolation
from sandbox.leashed import Child, module_command
from sandbox.profilers.own_kernels import own_kernels
from sandbox.reference import Reference


def setup_of(source: str, reference: Reference, place: Place, sets: int = 1, removed: str = "") -> setup.Setup:
    """Give what a candidate's process is told; ``removed`` names a kernel of its own that is not launched there."""
    arguments = reference.init, reference.weights, reference.structure, reference.inputs, reference.outputs
    room = sets, block_bytes(reference), tuple(cores.shares(cores.allowed())[1])
    told = setup.Setup(source, *arguments, *room, place.kind.value, place.gpu.id, reference.task.tolerance.tf32)
    return replace(told, own=tuple(sorted(own_kernels(source))), removed=removed)


class Guest:
    """One candidate, from its start to its end."""

    def __init__(
        self,
        source: str,
        reference: Reference,
        place: Place,
        isolation: Isolation,
        sets: int = 1,
        removed: str = "",
    ) -> None:
        """Lay out the arena for ``sets`` input sets, put the weights into it and start; raises SandboxError."""
        self.reference, self._place, self._isolation = reference, place, isolation
        size = room(reference, sets)
        self._buffer = SharedBuffer(size) if place.on_card else None
        descriptor = sealed(0 if self._buffer else size)
        self.arena = Arena(descriptor, self._buffer.area if self._buffer else None)
        self.exchange = Exchange(reference, self.arena, sets)
        if self._buffer:
            self.arena.memory[HANDLE : HANDLE + len(self._buffer.handle)] = self._buffer.handle
        self.fill = fresh_pattern()
        """What uninitialised memory of the candidate's holds, without a card."""
        self.exchange.put_weights()
        self._finish_copies()
        self._child = self._start(setup_of(source, reference, place, sets, removed), descriptor)
        self._bell = Bell(self.arena.words, self._child, reference.outputs, spinning=place.on_card)

    @property
    def on_card(self) -> bool:
        """Whether it runs on a card; else it is interpreted."""
        return self._place.on_card

    def _start(self, told: setup.Setup, descriptor: int) -> Child:
        place = self._place
        environment = {} if place.on_card else {"TRITON_INTERPRET": "1", "CUDA_VISIBLE_DEVICES": ""}
        box = boxed(
            self._isolation, environment, on_card=place.on_card, shared_bytes=room(self.reference, self.exchange.sets)
        )
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

    def _finish_copies(self) -> None:
        if self._place.on_card:
            torch.cuda.synchronize()

    def stop(self) -> None:
        """Let it do nothing until the next release."""
        self._child.signal(signal.SIGSTOP)

    def rouse(self, timeout_s: float) -> None:
        """Let it run again, until it waits for its release and nothing else; raises Ruling."""
        self._finish_copies()
        self._bell.rouse(timeout_s)

    def release(self, command: Command, timeout_s: float) -> int:
        """Let it do one thing; gives nanoseconds from the release to its answer. Raises Ruling."""
        self._finish_copies()
        return self._bell.ring(command, timeout_s)

    @property
    def details(self) -> Sequence[int]:
        """Words that came with the last answer (``Status.OK`` says what they are); the candidate can write any."""
        return self._bell.details

    def close(self) -> None:
        """Kill it with all that it started, and give the memory back."""
        self._child.kill()
        if self._buffer:
            torch.cuda.synchronize()
            self._buffer.free()
            self._buffer = None
        self.arena.close()
