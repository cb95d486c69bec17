"""A plan for another algorithm: what a stage of kind plan asks for in place of code, and how it is read."""

import json
import math
import re
from dataclasses import dataclass, fields
from typing import Any, cast

from prompts.reply import without_thought
from sandbox.codec import CodecError, decode

LEAST_SPEEDUP = 1.10
"""A rewrite that is expected to win less is not asked for: tuning wins as much, and keeps what is known to be right."""

_OPENING = re.compile(r'\{\s*"')
_MOST_OPENINGS = 100
"""Objects tried in one reply, the last ones: text that only looks like JSON cannot cost time without end."""
_DECODER = json.JSONDecoder(parse_int=float)  # a whole number of 400 digits is no number for a float


class PlanError(Exception):
    """A reply holds no plan; one line that says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a model proposes to do with the best kernel, before anybody writes it. All of it is opinion."""

    worthwhile: bool
    """Whether another algorithm is likely to pay; False where only tuning is left."""
    bottleneck: str
    """What limits the kernel now."""
    evidence: tuple[str, ...]
    """The counters or times that show it, one each, with their values."""
    algorithm: str
    """What is to be computed in another way."""
    steps: tuple[str, ...]
    """What to write, in order."""
    expected_speedup: float
    """Time now over time afterwards, as the model expects it: 1.3 is 30 % faster; above 0 and finite."""

    def __post_init__(self) -> None:
        """Refuse a speed-up that is no ratio of times; raises ValueError."""
        if not (math.isfinite(self.expected_speedup) and self.expected_speedup > 0):
            raise ValueError(f"expected_speedup is a ratio of times, above 0, got {self.expected_speedup}")

    @property
    def pays(self) -> bool:
        """Whether the rewrite is to be asked for."""
        return self.worthwhile and self.expected_speedup >= LEAST_SPEEDUP


def read_plan(reply: str) -> Plan:
    """Read the last JSON object of a reply, fenced or bare, outside its ``<think>`` part; raises PlanError alone.

    Keys that a plan has not are left out: models like to add a remark, and the plan is whole without it. A misspelt
    key does not pass for all that, because each of a plan's own must be there.
    """
    answer = without_thought(reply)
    if answer is None:
        raise PlanError("cut off: the reply ends inside its <think> part")
    if not answer.strip():
        raise PlanError("the reply is empty")
    found = _last_object(answer)
    names = [each.name for each in fields(Plan)]
    if missing := [name for name in names if name not in found]:
        raise PlanError(f"the last JSON object is no plan: it lacks {', '.join(missing)}")
    try:
        plan: Plan = decode(Plan, {name: found[name] for name in names})
        json.dumps(found, ensure_ascii=False).encode()  # half a character cannot be sent on, nor written down
    except (CodecError, ValueError, RecursionError) as error:
        raise PlanError(f"the last JSON object is no plan: {_one_line(error)}") from error
    return plan


def _last_object(text: str) -> dict[str, Any]:
    """Find the last object that is not part of another; raises PlanError."""
    found: dict[str, Any] | None = None
    fault, end = "", 0
    for opening in list(_OPENING.finditer(text))[-_MOST_OPENINGS:]:
        if opening.start() < end:
            continue
        try:
            value, end = _DECODER.raw_decode(text, opening.start())
            found = cast("dict[str, Any]", value)
        except (ValueError, RecursionError) as error:
            fault = fault or _one_line(error)
    if found is None:
        raise PlanError(f"no JSON object that can be read: {fault}" if fault else "no JSON object")
    return found


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
