"""Boxed processes that have torch and Triton imported and wait for a candidate: its start no longer waits for them.

A process forked from a warm one could not be put into a box, which is entered by exec; so the next ones are started
while the last candidate is judged. They share its user, and are kept only where it cannot see them.
"""

import os
import threading
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from sandbox.boxed import waiting
from sandbox.child import arena
from sandbox.child.words import Word
from sandbox.devices import Place
from sandbox.evaluation import SandboxError
from sandbox.frozen import freeze, thaw
from sandbox.isolation import Isolation, strongest
from sandbox.leashed import Child, module_command
from sandbox.process_table import descendants

_PATIENCE_S, _PAUSE_S = 1.0, 2e-3
_EXPOSED = frozenset(("other processes", "other candidates"))
"""What an isolation leaves open where one candidate could reach into the next one's process."""


class Spare:
    """One process, its shared memory, and the way to hand it a candidate."""

    def __init__(self, place: Place, isolation: Isolation) -> None:
        """Start it; raises SandboxError."""
        self.arena, self._letter = arena.unsized(), os.memfd_create("setup")
        environment = {} if place.on_card else {"TRITON_INTERPRET": "1", "CUDA_VISIBLE_DEVICES": ""}
        self._on_card = place.on_card
        command = module_command("sandbox.child.main", place.kind.value, str(self.arena), str(self._letter))
        self._command = os.fsencode("\0".join(command)) + b"\0"
        asleep, self._asleep = os.pipe()
        try:
            self.child = Child(
                command,
                waiting(isolation, environment, on_card=place.on_card),
                fds=(self.arena, self._letter),
                stdin=asleep,
            )
        except BaseException:  # Ctrl-C too: descriptors would stay open
            self._forget(self.arena, self._letter, self._asleep)
            raise
        finally:
            os.close(asleep)
        self.culled = False
        """Whether it was killed for what its neighbours need, not for what it did."""
        self.pid = 0
        """The candidate's process, of those in the box, once it may work on a card; 0 where it was not seen."""
        self.trusted = False
        """Whether it runs the task's own program or one of ours: what others do is not laid at its door."""

    @property
    def warm(self) -> bool:
        """Whether its imports are over."""
        return any(os.pread(self.arena, 8, Word.IMPORT_NS * 8))

    def give(self, letter: bytes) -> None:
        """Let it go to work on a setup, as ``setup.packed`` gives it; ``arena`` is sealed and filled by then.

        The setup waits in a file, and the pipe is only closed: nothing here can wait for a process that is dead.
        """
        if self._on_card:
            self.pid = self._seen()
        begin = 0
        while begin < len(letter):
            begin += os.pwrite(self._letter, letter[begin:], begin)
        self._forget(self._letter, self._asleep)
        self._letter = self._asleep = -1

    def _seen(self) -> int:
        """Find our own program in the box, before it reads a candidate's; what builds the box may still be at it."""
        deadline = time.monotonic() + _PATIENCE_S
        while self.child.alive and time.monotonic() < deadline:
            for pid, _ in descendants([self.child.leash])[self.child.leash]:
                with suppress(OSError):  # it is gone
                    if Path(f"/proc/{pid}/cmdline").read_bytes() == self._command:
                        return pid
            time.sleep(_PAUSE_S)
        return 0

    def cull(self) -> None:
        """Kill it for the sake of others; whoever wanted it starts again."""
        self.culled = True
        self.child.kill()

    def dismiss(self) -> None:
        """Kill it where nobody has its shared memory yet."""
        self.child.kill()
        self._forget(self.arena, self._letter, self._asleep)

    @staticmethod
    def _forget(*descriptors: int) -> None:
        for each in descriptors:
            if each >= 0:
                os.close(each)


def pause(spares: Iterable[Spare]) -> None:
    """Let these stand still; what will not is killed."""
    living = {each.child.leash: each for each in spares if each.child.alive}
    for stubborn in freeze(*living):
        living[stubborn].cull()


def go_on(spares: Iterable[Spare]) -> None:
    """Let these run again after ``pause``."""
    thaw(*(each.child.leash for each in spares if each.child.alive))


class Nursery:
    """Keeps spares, and knows all that it handed out, so that all but one can be made to stand still."""

    def __init__(self, place: Place, most: int, settled: Callable[[], bool]) -> None:
        """Begin to start ``most`` of them, in the background; ``settled`` waits until the card has come to rest."""
        self.place, self.isolation, self._settled = place, strongest(), settled
        self._most, self._coming = most, list[Future[Spare]]()
        self._out = list[Spare]()
        self._lock = threading.Lock()
        self._starter = ThreadPoolExecutor(1)
        self._refill()

    @property
    def private(self) -> bool:
        """Whether one candidate cannot reach another's process, so that two may live at a time."""
        return _EXPOSED.isdisjoint(self.isolation.unprotected)

    def move(self, isolation: Isolation) -> None:
        """Start all others in another box."""
        self.isolation = isolation
        self._dismiss_all()
        self._refill()

    def _refill(self) -> None:
        with self._lock:
            while self.private and len(self._coming) < self._most:
                self._coming.append(self._starter.submit(Spare, self.place, self.isolation))

    def take(self) -> Spare:
        """Hand out one that lives, and start the next; raises SandboxError."""
        spare = self._next()
        if not spare.child.alive:  # the system took its memory, say, while it waited
            spare.dismiss()
            spare = self._next()
        if not spare.child.alive:
            status, tail = spare.child.kill(), " ".join(spare.child.tail.split())[-300:]
            spare.dismiss()
            spare.child.check_held()
            raise SandboxError(f"a child process ended with status {status} before it was given anything: {tail}")
        self._out.append(spare)
        return spare

    def _next(self) -> Spare:
        spare = self._coming.pop(0).result() if self._coming else Spare(self.place, self.isolation)
        self._refill()
        return spare

    def back(self, spare: Spare) -> None:
        """Take notice that one which was handed out is dead."""
        self._out.remove(spare)

    def company(self, spare: Spare | None) -> list[Spare]:
        """Give the others that were handed out and live."""
        return [each for each in self._out if each is not spare and each.child.alive]

    @contextmanager
    def quiet(self, but: Spare | None) -> Generator[None]:
        """Let every process but one stand still, and the card come to rest; what stands in the way of that is killed.

        A process that stands still may have left kernels running, so the card is asked too.
        """
        company = self.company(but)
        others = [*(coming.result() for coming in self._coming), *company]
        pause(others)
        strange = [each for each in company if not each.trusted]
        if strange and not self._settled():
            for each in strange:
                each.cull()
        try:
            yield
        finally:
            go_on(others)

    def close(self) -> None:
        """Kill those that wait; what was handed out is its holder's."""
        self._dismiss_all()
        self._starter.shutdown()

    def _dismiss_all(self) -> None:
        coming, self._coming = self._coming, []
        for each in coming:
            each.result().dismiss()
