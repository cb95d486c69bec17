"""The judge's clock of one run, and what the judge does on the card before it."""

import time
from collections.abc import Callable

from sandbox.card_time import CardTime
from sandbox.cold import COVER_MS, SPACER_MS, Cold


class RunClock:
    """Starts by the card's clock when the inputs' last words come; stops by the host's, behind a look at the answer.

    A guest is released when these words are there, and launches while the card empties its cache once more. Whatever
    it does on the card meanwhile makes that last longer, by as much, and is in its time.
    """

    def __init__(self, cold: Cold, put: Callable[[], None], give: Callable[[], None], *, on_card: bool) -> None:
        """Take what lets the inputs come, and what their last words; do nothing yet."""
        self._cold, self._put, self._give = cold, put, give
        self._handover, self._words, self._cover = (CardTime(on_card=on_card) for _ in range(3))
        self._given = self._free = self._stopped = 0

    def put_inputs(self) -> None:
        """Let the inputs come, but for their last words."""
        self._cold.keep_busy(SPACER_MS)
        self._handover.begin()
        self._put()
        self._cold.flush()

    def start(self) -> None:
        """Let their last words come, which are there when this returns."""
        self._cold.keep_busy(SPACER_MS)
        self._handover.end()  # here and no earlier: who takes the card in between is seen
        self._cover.begin()
        self._words.begin()
        self._give()
        self._words.end()
        self._cold.keep_busy(COVER_MS)
        self._cover.end()
        self._words.wait()
        self._given = time.perf_counter_ns()

    def wait_for_card(self) -> None:
        """Wait until the card has done all that the judge has launched."""
        self._cover.wait()
        self._free = time.perf_counter_ns()

    def stop(self, look: Callable[[], None]) -> None:
        """Look, and stop."""
        look()
        self._stopped = time.perf_counter_ns()

    @property
    def ms(self) -> float:
        """From when the last words begin to come.

        Two moments are seen by both clocks: the words are there, and the card is free. A host that notices one of them
        late makes the time counted from it too short, so the longer of the two counts.
        """
        return max(
            self._words.ms + (self._stopped - self._given) / 1e6,
            self._cover.ms + (self._stopped - self._free) / 1e6,
        )

    @property
    def handover_ms(self) -> float:
        """What the card took before: the inputs' copies, a cold cache, waiting for the host, and others' work."""
        return self._handover.ms
