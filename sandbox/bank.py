"""Prepared sets that several candidates are checked on, so that a truth is not computed again for what has not changed.

A set is secret from its drawing to its end: the reference, the keys and the truth never leave the judge, a candidate
sees the inputs alone, and its box lets it keep nothing for the next. Even one that did keep its own answers would gain
nothing: every timed run and every mutation is drawn afresh for the one candidate that sees it, so a wrong answer on the
kept sets cannot be bought with a right one on the others, nor a fast one with a slow one. After a few candidates all
weights and sets are drawn anew.
"""

from collections.abc import Mapping

import torch

from sandbox.input_set import Prepared, prepared
from sandbox.ladder import Distribution
from sandbox.reference import Reference
from sandbox.survey import refused

LIVES = 8
"""Candidates that see the same weights and sets."""
LIMIT_BYTES = 2 << 30
LIMIT_SHARE = 8
"""Memory that the kept sets may take together: one part in so many of a card's, anywhere at least so many bytes. What
does not fit is drawn afresh each time."""


class Bank:
    """Weight sets and input sets of one reference."""

    def __init__(self, reference: Reference, limit_bytes: int = LIMIT_BYTES) -> None:
        """Hold nothing yet but the reference's weights of now, as weight set 0."""
        self._reference, self._limit = reference, limit_bytes
        self._uses = 0
        self._refused = frozenset[Distribution]() if reference.device == "cpu" else refused(reference.task)
        self._clear()

    def next_candidate(self) -> None:
        """Put weight set 0 into the reference; draw everything anew once enough candidates have seen it."""
        if self._uses % LIVES == 0:
            self._reference.draw_weights(again=False)
            self._clear()
        else:
            self.take_weights(0)
        self._uses += 1

    def take_weights(self, index: int) -> None:
        """Put a weight set into the reference: 0 as the model draws them, others moved."""
        if index not in self._weights:
            self._reference.draw_weights(again=True)
            self._weights[index] = self._reference.kept_weights()
        else:
            self._reference.put_weights(self._weights[index])
        self._now = index

    def prepared(self, distribution: Distribution) -> Prepared:
        """Give a set under the weights that the reference has; raises TaskError."""
        if distribution in self._refused and distribution is not Distribution.OWN:
            return Prepared((), silent="the reference raises")
        key = self._now, distribution
        if key in self._sets:
            return self._sets[key]
        found = prepared(self._reference, distribution)
        if self._held + found.bytes <= self._limit:
            self._sets[key] = found
            self._held += found.bytes
        return found

    def _clear(self) -> None:
        self._weights: dict[int, Mapping[str, torch.Tensor]] = {0: self._reference.kept_weights()}
        self._sets: dict[tuple[int, Distribution], Prepared] = {}
        self._held, self._now = 0, 0
