"""The judge's end of the shared words: lets a guest do one thing, and waits for its answer or its death."""

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.child import words
from sandbox.child.layout import Slot
from sandbox.child.words import Command, Status, Word
from sandbox.evaluation import Verdict
from sandbox.leashed import Child
from sandbox.ruling import Ruling, of_death, of_status, quoted

_LOOKS, _LOOKS_SPINNING = 50, 2000
"""Looks at the shared word between two looks at whether the process lives (a system call)."""
_PAUSE_S = 2e-4


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the judge itself does around a release."""

    before: Callable[[], None] = _nothing
    meanwhile: Callable[[], None] = _nothing
    """Right behind the release, before the answer is waited for."""
    after: Callable[[], None] = _nothing
    """Right behind the answer."""


class Bell:
    """Numbered releases of one child."""

    def __init__(
        self, shared: memoryview, child: Child, outputs: Sequence[Slot], *, spinning: bool, released: int = words.BUILD
    ) -> None:
        """Watch a child that does all up to ``released`` by itself; ``spinning`` spends a core on an exact clock."""
        self._words, self._child, self._outputs, self._spinning = shared, child, outputs, spinning
        self._number = released

    def rouse(self, timeout_s: float) -> None:
        """Let it run, and wait until it does; it still waits for its release. Raises Ruling where it does not."""
        self._words[Word.ROUSED] = self._number + 1
        self._child.signal(signal.SIGCONT)
        self._wait_for(Word.AWAKE, self._number + 1, timeout_s)

    def ring(self, command: Command, calls: int, timeout_s: float, around: Around) -> int:
        """Release it once; gives nanoseconds from the release to the end of ``around``.

        Raises Ruling for any answer but OK, and for none.
        """
        self._number += 1
        around.before()
        begin = time.perf_counter_ns()
        # Written with the release: earlier, it would tell that the clock is about to start.
        self._words[Word.COMMAND], self._words[Word.CALLS] = command, calls
        self._words[Word.RUN] = self._number
        around.meanwhile()
        self.wait(timeout_s)
        around.after()
        return time.perf_counter_ns() - begin

    def wait(self, timeout_s: float) -> None:
        """Wait for the answer to the last release; raises as ``ring``."""
        self._wait_for(Word.DONE, self._number, timeout_s)
        if (status := self._words[Word.STATUS]) != Status.OK:
            self._child.kill()
            raise of_status(status, self.details, self._outputs, self._child.tail)

    def _wait_for(self, word: Word, number: int, timeout_s: float) -> None:
        deadline, looks = time.monotonic() + timeout_s, 0
        while self._words[word] != number:
            looks += 1
            if not self._spinning:
                time.sleep(_PAUSE_S)
            if looks % (_LOOKS_SPINNING if self._spinning else _LOOKS) == 0:
                self._look_after(timeout_s, deadline)

    @property
    def answered(self) -> bool:
        """Whether the last release is over, or its process is."""
        return self._words[Word.DONE] == self._number or not self._child.alive

    @property
    def details(self) -> list[int]:
        """Words that say more about the last status."""
        return list(self._words[Word.DETAIL :])

    def _look_after(self, timeout_s: float, deadline: float) -> None:
        if self._child.flooded or not self._child.alive:
            status = self._child.kill()
            self._child.check_held()
            raise of_death(status, flooded=self._child.flooded, log=self._child.tail)
        if time.monotonic() > deadline:
            self._child.kill()
            raise Ruling(Verdict.TIMED_OUT, quoted(f"no answer within {timeout_s:g} s", self._child.tail))
