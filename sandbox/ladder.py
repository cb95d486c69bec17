"""On what a candidate is checked: the ladder of input sets, and which of its rungs a tier climbs, cheapest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Distribution(StrEnum):
    """What an input set is drawn from; words for people. All but OWN leave whole numbers as the task draws them."""

    OWN = "the task's own"
    NORMAL = "normal"
    """N(0, 1)."""
    MICRO = "scale 1e-6"
    """N(0, 1) times the scale; the others likewise."""
    SMALL = "scale 0.01"
    TEN = "scale 10"
    HUNDRED = "scale 100"
    THOUSAND = "scale 1000"
    MEGA = "scale 1e6"
    SPIKE = "a spike"
    """N(0, 1), but one element is between 5000 and 10000."""
    ALTERNATING = "alternating signs"
    """Magnitudes of N(0, 1), plus and minus in turn: sums all but cancel."""
    HEAVY_TAIL = "a heavy tail"
    """Student's t with 1 degree of freedom (Cauchy), cut at 1000."""
    ZEROS = "zeros and denormals"
    """N(0, 1), a quarter of it zeros, a few denormals of either sign."""
    MIXED = "rows of different scale"
    """N(0, 1), each slice along the first dimension times its own scale of 10⁻³ to 10³."""


SCALES: Mapping[Distribution, float] = {
    Distribution.MICRO: 1e-6,
    Distribution.SMALL: 1e-2,
    Distribution.NORMAL: 1.0,
    Distribution.TEN: 1e1,
    Distribution.HUNDRED: 1e2,
    Distribution.THOUSAND: 1e3,
    Distribution.MEGA: 1e6,
}
"""Rungs that are N(0, 1) times a number; how far a candidate is right among them is its range."""

EXTREMES = (Distribution.MICRO, Distribution.MEGA)
"""Ends at which fp16 operands underflow or overflow: a label where the precision's grade is below fp32."""


WEIGHT_SETS = 3

NORMWISE = (Distribution.SPIKE, Distribution.HEAVY_TAIL)
"""Rungs on which few elements outweigh all of their neighbours. Winograd's and Strassen's products are right in norm
only: there they leave an error of the outlier's size beside it, so the error counts against the largest answer."""


class Tier(IntEnum):
    """How closely a candidate is looked at. Each tier begins with the steps of the one before."""

    LOOK = 0
    """Two sets and three runs: what turns most wrong candidates away."""
    FULL = 1
    """The protocol that CORRECT stands for."""
    BEST = 2
    """For what would be the best so far: every rung under every weight set. Run in a fresh process, on new keys."""


class Act(StrEnum):
    """What a step does."""

    DRAW = "draw"
    """Call on an input set of its own."""
    MUTATE = "mutate"
    """Call on the last set with a few elements changed, at secret places."""
    REPEAT = "repeat"
    """Call on the last set again, and compare the bits."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a candidate."""

    weights: int
    """Weight set, from 0: as the model draws them; all further ones are moved."""
    distribution: Distribution
    act: Act = Act.DRAW

    @property
    def where(self) -> str:
        """In words, for a message: ``at scale 1000``."""
        match self.act, self.distribution:
            case Act.MUTATE, _:
                return "after a few elements changed"
            case Act.REPEAT, _:
                return "when called again on the same inputs"
            case _, Distribution.OWN:
                return "on the task's own inputs"
            case _, Distribution.NORMAL:
                return "on normal inputs"
            case _, distribution if distribution in SCALES:
                return f"at {distribution}"
            case _, distribution:
                return f"with {distribution}"

    @property
    def words(self) -> str:
        """The same with the weight set, where it is not the first."""
        return f"{self.where}, weight set {self.weights + 1} of {WEIGHT_SETS}" if self.weights else self.where


_LOOK = (
    Step(0, Distribution.OWN),
    Step(0, Distribution.NORMAL),
    Step(0, Distribution.NORMAL, Act.MUTATE),
)
_REPEAT = Step(0, Distribution.NORMAL, Act.REPEAT)
_INTERPRETED = (
    Step(1, Distribution.OWN),
    Step(1, Distribution.THOUSAND),
    Step(1, Distribution.MIXED),
    Step(1, Distribution.MICRO),
    Step(2, Distribution.NORMAL),
    Step(2, Distribution.NORMAL, Act.MUTATE),
    Step(2, Distribution.SPIKE),
    Step(2, Distribution.HUNDRED),
    Step(2, Distribution.MEGA),
)
"""Beside the look's three, where every call is interpreted and takes up to a second: the most telling rungs."""


def steps(tier: Tier, *, on_card: bool) -> tuple[Step, ...]:
    """Give the calls of a tier in order, one weight set after another.

    Off the card BEST climbs what FULL does: there a repetition costs seconds, and is bit for bit the same.
    """
    if tier is Tier.LOOK:
        return _LOOK
    if not on_card:
        return _LOOK + _INTERPRETED
    return _LOOK + (_REPEAT, *(_all_rungs() if tier is Tier.BEST else _one_climb()))


def _one_climb() -> Iterator[Step]:
    """Give every rung once, the task's own and the normal one with every weight set."""
    for weights in range(WEIGHT_SETS):
        if weights:
            yield Step(weights, Distribution.OWN)
            yield Step(weights, Distribution.NORMAL)
        for index, each in enumerate(_stresses()):
            if index % WEIGHT_SETS == weights:
                yield Step(weights, each)


def _all_rungs() -> Iterator[Step]:
    for weights in range(WEIGHT_SETS):
        for each in Distribution:
            if weights or each in _stresses():
                yield Step(weights, each)


def _stresses() -> tuple[Distribution, ...]:
    return tuple(each for each in Distribution if each not in (Distribution.OWN, Distribution.NORMAL))
