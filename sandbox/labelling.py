"""Finds a correct candidate's labels by experiment: profile it, change its weights in place, take its kernels away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from sandbox.calling import call
from sandbox.child.words import DETAILS, Command
from sandbox.counters import Counter
from sandbox.evaluation import Errors, Timing
from sandbox.guest import Guest
from sandbox.labels import Label, LabelKind
from sandbox.ladder import Distribution
from sandbox.metrics import NcuMetrics
from sandbox.profilers.own_kernels import own_kernels
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.truth import agrees
from sandbox.wire import MeasurePlan

LEAST_SHARE = 0.005
"""A library's share of the time below which there is no label: it would be said as 0 %."""
Opener = Callable[[str], Guest]
"""Starts the candidate once more, with the kernel of that name removed."""


@dataclass(frozen=True, slots=True)
class Found:
    """What some experiments came to."""

    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be found out, and why."""

    def __add__(self, other: "Found") -> "Found":
        """Join."""
        return Found(self.labels + other.labels, self.notes + other.notes)


@dataclass(frozen=True, slots=True)
class Trial:
    """What decoys are looked for with."""

    opener: Opener
    reference: Reference
    allowed: Errors
    """Of the candidate's own examination: what is as near to the reference as this is right."""
    plan: MeasurePlan


@dataclass(frozen=True, slots=True)
class Spent:
    """Where the card's time went in one call."""

    all_ns: int
    own_ns: dict[str, int]
    """By the candidate's own kernels, those that ran."""


def of_shares(library: float, own: float, *, own_ran: bool) -> Found:
    """Label by the time that torch's operators and the candidate's own kernels take, in any one unit."""
    if not own_ran:
        return Found((Label(LabelKind.LIBRARY),))
    share = library / (library + own) if library + own > 0 else 0.0
    return Found((Label(LabelKind.LIBRARY_SHARE, share),) if share >= LEAST_SHARE else ())


def of_model(source: str, timing: Timing, metrics: NcuMetrics) -> tuple[Found, list[str]]:
    """Label by modelled times; gives the names of its own kernels that were launched, too."""
    ran = sorted(own_kernels(source) & metrics.kernels.keys())
    own_ms = sum(metrics.kernels[name][Counter.DURATION] for name in ran) / 1e6
    return of_shares(max(0.0, timing.median_ms - own_ms), own_ms, own_ran=bool(ran)), ran


def of_profile(guest: Guest, own: Sequence[str], timeout_s: float) -> tuple[Found, list[str]]:
    """Label by a profile of one call on the card; gives the names of its own kernels that ran, all where none can say.

    The candidate's own process reads the profiler: one that patches it can misstate its share. No verdict hangs on it.
    """
    spent = _spent(guest, own, timeout_s)
    if isinstance(spent, str):
        return Found(notes=(f"library share: not found out, {spent}",)), list(own)
    in_own = sum(spent.own_ns.values())
    return of_shares(spent.all_ns - in_own, in_own, own_ran=bool(spent.own_ns)), list(spent.own_ns)


def _spent(guest: Guest, own: Sequence[str], timeout_s: float) -> Spent | str:
    shared = guest.exchange
    shared.put(shared.packed([guest.reference.draw_inputs(Distribution.OWN)]))
    try:
        guest.release(Command.PROFILE, timeout_s)
    except Ruling as ruling:
        return f"profiled, it gave no answer: {_line(ruling)}"
    everything, *by_kernel = guest.details[: 1 + min(len(own), DETAILS - 1)]
    if everything <= 0 or min(by_kernel, default=0) < 0 or sum(by_kernel) > everything:
        return "the profiler saw nothing of it on the card"
    return Spent(everything, {name: ns for name, ns in zip(own, by_kernel, strict=False) if ns})


def folded(guest: Guest, allowed: Errors, plan: MeasurePlan) -> Found:
    """Give the weights other values in place: does it still answer from the old ones, until they are loaded?"""
    if not guest.reference.weights:
        return Found()
    guest.reference.draw_weights(again=True)
    guest.exchange.put_weights()
    try:
        follows = _right_after(guest, Command.ASSIGN, allowed, plan)
        if follows or not _right_after(guest, Command.RELOAD, allowed, plan):
            return Found()
    except Ruling as ruling:
        return Found(notes=(f"weights folded or not: not found out, {_line(ruling)}",))
    return Found((Label(LabelKind.WEIGHTS_FOLDED),))


def _right_after(guest: Guest, command: Command, allowed: Errors, plan: MeasurePlan) -> bool:
    guest.release(command, plan.run_timeout_s)
    tensors = guest.reference.draw_inputs(Distribution.OWN)
    return _right(guest, tensors, guest.reference.eager(tensors), allowed, plan.run_timeout_s)


def decoys(trial: Trial, kernels: Sequence[str], most: int) -> Found:
    """Take each of at most ``most`` kernels away in turn: one that would have been launched, and without which all
    answers stay right, is a decoy. Raises SandboxError where no process can be started.

    Weights are moved and inputs of two kinds are tried, so that no ones, zeros or signs hide what a kernel does.
    """
    if not kernels:
        return Found()
    reference, tried, left = trial.reference, kernels[:most], kernels[most:]
    reference.draw_weights(again=True)
    sets = [reference.draw_inputs(each) for each in (Distribution.OWN, Distribution.NORMAL)]
    known = [(tensors, reference.eager(tensors)) for tensors in sets]
    idle = [name for name in tried if _idle(trial, name, known)]
    note = f"decoy or not: not tried of {', '.join(left)}; at most {most} kernels are taken away here"
    return Found(tuple(Label(LabelKind.DECOY, words=name) for name in idle), (note,) if left else ())


_Known = Sequence[tuple[list[torch.Tensor], list[torch.Tensor]]]


def _idle(trial: Trial, kernel: str, known: _Known) -> bool:
    guest, plan = trial.opener(kernel), trial.plan
    timeout_s = max(plan.run_timeout_s, plan.build_timeout_s)
    try:
        guest.build(plan.build_timeout_s)
        right = (_right(guest, tensors, usual, trial.allowed, timeout_s) for tensors, usual in known)
        return all(each and guest.details[0] > 0 for each in right)
    except Ruling:  # without it, it is not even a program: it matters
        return False
    finally:
        guest.close()


def _right(
    guest: Guest, tensors: list[torch.Tensor], usual: list[torch.Tensor], allowed: Errors, timeout_s: float
) -> bool:
    answered = call(guest, tensors, timeout_s).answers
    answers = [answered.tensor(slot) for slot in guest.reference.outputs]
    return all(agrees(each, eager, allowed) for each, eager in zip(answers, usual, strict=True))


def _line(ruling: Ruling) -> str:
    return f"{ruling.verdict}: {' '.join(ruling.message.split())[:200]}"
