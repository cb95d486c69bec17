"""Says how long a candidate would take on the target card, and whether it would start there.

A child looks at it at full size, a model adds up. The candidate's code runs in that child, so what it answers is text
that may say anything: it is bounded in length and decoded strictly, and can at worst make its own modelled time wrong.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import torch

from sandbox import roofline
from sandbox.child.launches import LONGEST, Mode, Question, Shape
from sandbox.child.layout import take_apart, type_name
from sandbox.child.records import Followed, Recorded, Site, Variant
from sandbox.codec import CodecError, decode
from sandbox.evaluation import Source, Timing
from sandbox.floor import floor_ms
from sandbox.footprint import footprint
from sandbox.gpu import GpuSpec
from sandbox.metrics import CounterSource, NcuMetrics
from sandbox.occupancy import refusal
from sandbox.operators import trace
from sandbox.profilers.compiler import Launched, counters
from sandbox.ruling import printable
from tasks import program as programs
from tasks.program import Program
from tasks.task import TaskError

TIMEOUT_S = 120.0
LEAST_OF_FLOOR = 0.5
"""A modelled time below this share of what the memory allows is not believed: the model errs less than that."""
_MOST, _WORDS = 1e18, 4000


class Ended(Protocol):
    """How a child came to its end."""

    @property
    def reply(self) -> bytes: ...  # noqa: D102  # as sandbox.process has it
    @property
    def tail(self) -> str: ...  # noqa: D102
    @property
    def timed_out(self) -> bool: ...  # noqa: D102


class Spawn(Protocol):
    """Runs a module of ours beside untrusted code, as ``sandbox.process.run`` does."""

    def __call__(  # noqa: D102
        self, module: str, message: bytes, *, timeout_s: float, reply_limit: int, environment: Mapping[str, str]
    ) -> Ended: ...


@dataclass(frozen=True, slots=True)
class Modelled:
    """A candidate on the target card, as far as it can be said without one."""

    timing: Timing | None = None
    eager: Timing | None = None
    """Of the reference, by the same model."""
    metrics: NcuMetrics = field(default_factory=lambda: NcuMetrics({}, CounterSource.COMPILER))
    refusal: str = ""
    """The limit of the card that a kernel of it breaks."""
    broken: str = ""
    """What the target's compiler says against it, or what it does wrong at full size."""
    unjudged: str = ""
    """Why this place cannot say."""
    implausible: str = ""
    """The floor that its modelled time is below."""


class _Unfit(Exception):  # noqa: N818  # carries an answer
    def __init__(self, answer: Modelled) -> None:
        self.answer = answer


def model(program: Program, source: str, gpu: GpuSpec, spawn: Spawn, *, tf32: bool) -> Modelled:
    """Model a candidate, ``source``, beside its reference at full size; ``tf32`` as the task allows it to both.

    Raises SandboxError where no child can be started.
    """
    question = _question(program, source, gpu)
    try:
        compiled, counted = _asked(question, spawn)
        kept = [_kept(*pair, gpu) for pair in _paired(compiled, counted)]
        own = sum(each.times * each.estimate.ms for each in kept) + roofline.eager_ms(counted.operators, gpu, tf32=tf32)
        timing, metrics = _timing(own), counters(kept, gpu)
        eager = roofline.eager_ms(trace(program), gpu, tf32=tf32)
    except _Unfit as unfit:
        return unfit.answer
    except TaskError as error:  # it ran on values, so what it lacks is these
        return Modelled(unjudged=f"the reference cannot be followed on shapes alone: {error}")
    except (ArithmeticError, ValueError) as error:  # counts that a following never gives: the answer was tampered with
        return Modelled(unjudged=f"following it at full size gave counts that make no sense: {error}")
    return Modelled(timing, _timing(eager), metrics, implausible=_below_floor(program, timing, _timing(eager), gpu))


def _below_floor(program: Program, timing: Timing, eager: Timing, gpu: GpuSpec) -> str:
    moved = footprint(program)
    least = LEAST_OF_FLOOR * floor_ms(moved, gpu) if moved else 0.0
    # Where eager itself is faster, not all of the inputs is read (a look-up in a table), and the floor is none.
    if not timing.median_ms < least <= eager.median_ms:
        return ""
    return (
        f"{timing.median_ms:.4g} ms modelled: inputs, weights and outputs alone take the card's memory "
        f"{least / LEAST_OF_FLOOR:.4g} ms, so it does less at full size than it must"
    )


def _timing(ms: float) -> Timing:
    return Timing((max(ms, roofline.LAUNCH_MS),), Source.MODELLED)  # what launches nothing takes a launch's time


def _question(program: Program, source: str, gpu: GpuSpec) -> bytes:
    with torch.device("meta"):
        structure, tensors = take_apart(programs.inputs(program))
    shapes = tuple(Shape(tuple(each.shape), tuple(each.stride()), type_name(each.dtype)) for each in tensors)
    return json.dumps(asdict(Question(source, repr(programs.init_inputs(program)), structure, shapes, gpu.id))).encode()


def _asked(question: bytes, spawn: Spawn) -> tuple[Recorded, Recorded]:
    """Give what was compiled and what was counted."""
    ended = spawn("sandbox.child.launches", question, timeout_s=TIMEOUT_S, reply_limit=3 * LONGEST, environment={})
    if ended.timed_out:
        raise _Unfit(Modelled(unjudged=f"following it at full size took longer than {TIMEOUT_S:.0f} s"))
    said = ""
    try:
        followed: Followed = decode(Followed, _plausible(json.loads(ended.reply)))
    except (ValueError, CodecError, RecursionError) as error:  # the last of brackets without end
        followed, said = Followed(None, None), str(error)
    tail = printable(" ".join(ended.tail.split()))[-300:] or said
    return _fit(followed.compiled, Mode.COMPILE, tail), _fit(followed.counted, Mode.COUNT, tail)


def _fit(recorded: Recorded | None, mode: Mode, tail: str) -> Recorded:
    if recorded is None:
        raise _Unfit(Modelled(unjudged=f"following it at full size ({mode}) gave no answer: {tail}"))
    if recorded.error:
        raise _Unfit(Modelled(broken=printable(recorded.error)[:_WORDS]))
    if recorded.unsupported:
        raise _Unfit(Modelled(unjudged=printable(recorded.unsupported)[:_WORDS]))
    return recorded


def _plausible(answer: Any) -> Any:
    """Let only numbers through that a count can be; raises ValueError."""
    if isinstance(answer, (int, float)) and not -1 <= answer <= _MOST:  # also refuses what is not a number
        raise ValueError(f"no count: {answer}")
    for each in answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ():
        _plausible(each)
    return answer


def _paired(compiled: Recorded, counted: Recorded) -> list[tuple[Site, Site]]:
    """Put the two answers side by side; the two runs must have launched the same."""
    pairs = list(zip(compiled.sites, counted.sites, strict=False))
    same = all(a.kernel == b.kernel and len(a.variants) == len(b.variants) for a, b in pairs)
    if len(compiled.sites) != len(counted.sites) or not same:
        raise _Unfit(Modelled(unjudged="it launches other kernels when it is compiled than when it is interpreted"))
    return pairs


def _kept(compiled: Site, counted: Site, gpu: GpuSpec) -> Launched:
    """Choose the fastest configuration that would start, as a tuner on the card would."""
    against: list[Modelled] = []
    able: list[Launched] = []
    for made, followed in zip(compiled.variants, counted.variants, strict=True):
        if verdict := _against(compiled.kernel, made, gpu):
            against.append(verdict)
        elif made.compiled and followed.counted:
            # Its own grid: a program that sizes it by the compiler's figures chose another one where there are none.
            estimate = roofline.launch(made.compiled, followed.counted, followed.grid, gpu)
            able.append(Launched(compiled.kernel, compiled.times, made.grid, made.compiled, followed.counted, estimate))
    if not able:
        raise _Unfit(against[0] if against else Modelled(unjudged=f"nothing is known of {compiled.kernel}"))
    return min(able, key=lambda each: each.estimate.ms)


def _against(kernel: str, variant: Variant, gpu: GpuSpec) -> Modelled | None:
    made = variant.compiled
    if variant.error or made is None:
        return Modelled(broken=f"{kernel}: {variant.error}")
    limit = refusal(made.registers, made.shared_bytes, made.num_warps, variant.grid, gpu)
    return Modelled(refusal=f"{kernel} would not start on {gpu.name}: {limit}") if limit else None
