"""Which kernels of a history are programs of their own, and which are one program with other numbers."""

import io
import tokenize
from collections.abc import Collection
from dataclasses import dataclass

from agent.attempt import Attempt
from agent.history import History

_ENDS = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
"""Between statements; a line that ends inside a call is none of them."""
_REMARKS = (tokenize.COMMENT, tokenize.NL)


@dataclass(frozen=True, slots=True)
class Lineage:
    """The attempts of a history, and who descends from whom."""

    history: History
    rewrites: Collection[str]
    """Names of the stages whose kernels begin anew, though they were asked for from another."""

    def line(self, attempt: Attempt) -> frozenset[int]:
        """Numbers of the attempt itself and of all that it grew from; a rewrite grew from nothing."""
        found: set[int] = set()
        ahead = [attempt]
        while ahead:
            each = ahead.pop()
            if each.number not in found:
                found.add(each.number)
                begins = each.proposal.stage in self.rewrites
                ahead += [] if begins else [self.history.attempts[number] for number in each.proposal.parents]
        return frozenset(found)

    def rivals(self, best: Attempt) -> list[Attempt]:
        """Correct kernels that are other programs than the best, the most promising first.

        Neither grew from the other, and they differ in more than numbers. Those without a common beginning come first,
        then the faster ones (speed-up over eager, for times of two sittings cannot be compared as they are).
        """
        own = self.line(best)
        lines = {each.number: self.line(each) for each in self._standing() if each.number not in own}
        others = [self.history.attempts[number] for number, line in lines.items() if best.number not in line]
        others = [each for each in others if _words(each.candidate.source) != _words(best.candidate.source)]
        return sorted(others, key=lambda a: (not own.isdisjoint(lines[a.number]), -(a.evaluation.speedup or 0.0)))

    def _standing(self) -> list[Attempt]:
        """Correct attempts but for those that were the best and failed when they were judged again."""
        fallen: set[int] = set()
        best: Attempt | None = None
        for each in self.history.attempts:
            if best and each.comparison and each.comparison.fallen:
                fallen.add(best.number)
            if each.evaluation.correct and (best is None or (each.comparison and each.comparison.wins)):
                best = each
        return [each for each in self.history.attempts if each.evaluation.correct and each.number not in fallen]


def _words(source: str) -> tuple[str, ...]:
    """Words of a program without layout, comments, values of numbers and statements of strings alone (docstrings)."""
    found: list[str] = []
    statement: list[tokenize.TokenInfo] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in _ENDS:
                found += [] if all(each.type == tokenize.STRING for each in statement) else map(_word, statement)
                statement = []
            elif token.type not in _REMARKS:
                statement.append(token)
    except (tokenize.TokenError, SyntaxError):
        return (source,)  # what cannot be taken apart is compared whole
    return tuple(found)


def _word(token: tokenize.TokenInfo) -> str:
    return "0" if token.type == tokenize.NUMBER else token.string
