"""A candidate's process as the judge sees it: shared memory, releases, and what it said by dying."""

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import torch

from sandbox import cores
from sandbox.bell import Around, Bell
from sandbox.child import setup, words
from sandbox.child.arena import HANDLE, Arena, seal
from sandbox.child.card import SharedBuffer
from sandbox.child.words import Command, Word
from sandbox.devices import Place
from sandbox.exchange import Exchange, block_bytes, fresh_pattern, room
from sandbox.isolation import host_memory_bytes
from sandbox.ladder import Distribution
from sandbox.phases import Phase
from sandbox.profilers.own_kernels import own_kernels
from sandbox.reference import Reference
from sandbox.spares import Nursery


class Ahead(Enum):
    """What a candidate does before its turn."""

    NO = 0
    """It is its turn."""
    BUILD = 1
    CALL = 2
    """Also its first call, which compiles; nobody looks at the answer."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a candidate is started."""

    sets: int = 1
    """Input sets that its shared memory has room for."""
    removed: str = ""
    """A kernel of its own that is not launched."""
    ahead: Ahead = Ahead.NO


def setup_of(source: str, reference: Reference, place: Place, manner: Manner = Manner()) -> setup.Setup:  # noqa: B008 (frozen)
    """Give what a candidate's process is told."""
    arguments = reference.init, reference.weights, reference.structure, reference.inputs, reference.outputs
    cpus = cores.of_card().candidate if place.on_card else os.sched_getaffinity(0)
    space = manner.sets, block_bytes(reference), tuple(cpus)
    told = setup.Setup(source, *arguments, *space, place.kind.value, place.gpu.id, reference.task.tolerance.tf32)
    address_space = 0 if place.on_card else host_memory_bytes() + room(reference, manner.sets)
    own = tuple(sorted(own_kernels(source)))
    return replace(told, own=own, removed=manner.removed, address_space=address_space)


class Guest:
    """One candidate, from its start to its end."""

    def __init__(self, source: str, reference: Reference, nursery: Nursery, manner: Manner = Manner()) -> None:  # noqa: B008
        """Take a process, put the reference's weights into the arena and let it build; raises SandboxError."""
        self.reference, self.watch = reference, reference.watch
        self._nursery, self._place, self._manner = nursery, nursery.place, manner
        self._built: tuple[float, Sequence[int]] | None = None
        self._compiled = False
        self.fills = () if self._place.on_card else (fresh_pattern(),)
        """What uninitialised memory of the candidate's holds, which is known without a card alone."""
        with self.watch.lap(Phase.SANDBOX):
            self.spare = nursery.take()
            self._child, self._buffer = self.spare.child, None
            try:
                self._start(source)
            except BaseException:  # Ctrl-C too: a process and the card's memory would stay behind
                self.spare.dismiss()
                nursery.back(self.spare)
                self._free()
                raise

    def _start(self, source: str) -> None:
        size = room(self.reference, self._manner.sets)
        if self._place.on_card:
            self._buffer = SharedBuffer(size)
        seal(self.spare.arena, 0 if self._buffer else size)
        self.arena = Arena(self.spare.arena, self._buffer.area if self._buffer else None)
        if self._buffer:
            self.arena.memory[HANDLE : HANDLE + len(self._buffer.handle)] = self._buffer.handle
        self.exchange = Exchange(self.reference, self.arena, self._manner.sets)
        self.exchange.put_weights()
        released = words.BUILD
        if self._manner.ahead is Ahead.CALL:
            self.exchange.put(self.exchange.packed([self.reference.draw_inputs(Distribution.OWN)]))
            self.arena.words[Word.COMMAND], self.arena.words[Word.CALLS] = Command.CALL, 1
            released += 1
        self._finish_copies()
        self.arena.words[Word.FILL] = sum(self.fills)
        self.arena.words[Word.RUN] = released
        self.spare.give(setup.packed(setup_of(source, self.reference, self._place, self._manner)))
        shared, outputs = self.arena.words, self.reference.outputs
        self._bell = Bell(shared, self._child, outputs, spinning=self._place.on_card, released=released)

    @property
    def on_card(self) -> bool:
        """Whether it runs on a card; else it is interpreted."""
        return self._place.on_card

    def build(self, timeout_s: float) -> tuple[float, Sequence[int]]:
        """Wait until it is built; gives seconds and how weights were matched (``Matching.counts``). Raises Ruling.

        One that was built ahead took the weights of then, so it takes those of now; its seconds are its own process's.
        """
        if self._built is None:
            begin = time.perf_counter()
            with self.watch.lap(Phase.BUILD):
                self._bell.wait(timeout_s)
            seconds, counts = time.perf_counter() - begin, self._bell.details[:4]
            if self._manner.ahead is not Ahead.NO:
                seconds = max(0, self.arena.words[Word.CONTEXT_NS] + self.arena.words[Word.BUILD_NS]) / 1e9
                self.exchange.put_weights()
                self.release(Command.RELOAD, timeout_s)
            self._built = seconds, counts
            self.watch.add(Phase.IMPORT, self.arena.words[Word.IMPORT_NS])
            self.watch.add(Phase.CONTEXT, self.arena.words[Word.CONTEXT_NS])
        return self._built

    @property
    def under_way(self) -> bool:
        """Whether it still does what it was last let do."""
        return not self._bell.answered

    def _finish_copies(self) -> None:
        if self._place.on_card:
            torch.cuda.synchronize()

    def stop(self) -> None:
        """Let it do nothing until it is roused."""
        self._child.signal(signal.SIGSTOP)

    def rouse(self, timeout_s: float) -> None:
        """Let it run again, until it waits for its release and nothing else; raises Ruling."""
        self._finish_copies()
        self._bell.rouse(timeout_s)

    def release(
        self,
        command: Command,
        timeout_s: float,
        around: Around = Around(),  # noqa: B008 (frozen)
        *,
        calls: int = 1,
    ) -> int:
        """Let it do one thing; gives nanoseconds from the release to the end of ``around``. Raises Ruling.

        ``calls`` says on how many input sets, the first ones, the model is called.
        """
        first = command is Command.CALL and not self._compiled
        self._compiled |= first
        with self.watch.lap(Phase.COMPILE if first else Phase.RUNS):
            self._finish_copies()
            return self._bell.ring(command, calls, timeout_s, around)

    @property
    def details(self) -> Sequence[int]:
        """Words that came with the last answer (``Status.OK`` says what they are); the candidate can write any."""
        return self._bell.details

    def close(self) -> None:
        """Kill it with all that it started, and give the memory back."""
        self._child.kill()
        self._nursery.back(self.spare)
        self._free()
        self.arena.close()

    def _free(self) -> None:
        if self._buffer:
            torch.cuda.synchronize()
            self._buffer.free()
            self._buffer = None
