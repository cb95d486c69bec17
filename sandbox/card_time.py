"""How long this process's own work takes the card, by the card's clock: what the host does meanwhile does not count."""

from typing import Self

import torch


class CardTime:
    """The card's time for what is launched within the block; without a card it is nothing."""

    def __init__(self, *, on_card: bool) -> None:
        """Time nothing yet."""
        self._marks = [torch.cuda.Event(enable_timing=True) for _ in range(2)] if on_card else []

    def __enter__(self) -> Self:
        """Begin behind all that was launched before."""
        for mark in self._marks[:1]:
            mark.record()
        return self

    def __exit__(self, *_: object) -> None:
        """End behind all that was launched within."""
        for mark in self._marks[1:]:
            mark.record()

    @property
    def ms(self) -> float:
        """Milliseconds between both; waits for the end."""
        if not self._marks:
            return 0.0
        begin, end = self._marks
        end.synchronize()
        return begin.elapsed_time(end)
