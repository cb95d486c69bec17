"""How long this process's own work takes the card, by the card's clock; and the host, where the card waits for it."""

from typing import Self

import torch


class CardTime:
    """The card's time for what is launched within the block, or between ``begin`` and ``end``; none without a card."""

    def __init__(self, *, on_card: bool) -> None:
        """Time nothing yet."""
        self._begin, self._end = (torch.cuda.Event(enable_timing=True) if on_card else None for _ in range(2))

    def __enter__(self) -> Self:
        """Begin behind all that was launched before."""
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        """End behind all that was launched within."""
        self.end()

    def begin(self) -> None:
        """Record the beginning, behind all that was launched before."""
        if self._begin:
            self._begin.record()

    def end(self) -> None:
        """Record the end, likewise."""
        if self._end:
            self._end.record()

    def wait(self) -> None:
        """Wait until the card has come to the end."""
        if self._end:
            self._end.synchronize()

    @property
    def begun(self) -> bool:
        """Whether the card has come to the beginning."""
        return self._begin is None or self._begin.query()

    @property
    def ms(self) -> float:
        """Milliseconds between both; waits for the end."""
        self.wait()
        return self._begin.elapsed_time(self._end) if self._begin and self._end else 0.0
