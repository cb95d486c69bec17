"""A duel on the card: incumbent, challenger, challenger, incumbent, each in a process of its own."""

from dataclasses import replace

from sandbox.comparison import compare, of_legs
from sandbox.duel import Duel, Judged
from sandbox.evaluation import Candidate, Evaluation, Timing
from sandbox.measured import Measurer
from sandbox.ruling import Ruling


def fight(measurer: Measurer, incumbent: Judged, challenger: Candidate) -> Duel:
    """Judge both again in turns, so that a drift of the card hits both; the challenger by the whole protocol.

    An incumbent that fails this time has fallen: it was lucky once. Raises TaskError and SandboxError.
    """
    opening = _leg(measurer, incumbent.candidate)
    try:
        first = measurer.again(challenger)
        second = measurer.leg(challenger)
    except Ruling as ruling:
        return Duel(ruling.evaluation, None)
    closing = _leg(measurer, incumbent.candidate)
    assert first.timing
    samples = (*first.timing.samples_ms, *second.samples_ms)
    kept = replace(first, timing=replace(first.timing, samples_ms=samples))
    if isinstance(opening, Evaluation) or isinstance(closing, Evaluation):
        fallen = opening if isinstance(opening, Evaluation) else closing
        assert isinstance(fallen, Evaluation)
        said = f"{fallen.verdict}: {fallen.message}"
        return Duel(kept, replace(compare(incumbent.evaluation, kept), fallen=said))
    return Duel(kept, of_legs((opening, closing), (first.timing, second)))


def _leg(measurer: Measurer, candidate: Candidate) -> Timing | Evaluation:
    try:
        return measurer.leg(candidate)
    except Ruling as ruling:
        return ruling.evaluation
