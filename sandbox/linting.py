"""Task lint: experiments on a reference before any model sees it. Change what goes in, and look at the answer."""

from collections.abc import Iterator, Mapping, Sequence

import torch

from sandbox import lint
from sandbox.devices import Place
from sandbox.footprint import footprint
from sandbox.input_set import known_of
from sandbox.inputs import fresh_key, seeded
from sandbox.ladder import Distribution
from sandbox.reference import Reference
from sandbox.shrunk import small_source
from sandbox.truth import Answered, judge
from sandbox.truth import Finding as Judged
from tasks.flaw import Finding, Flaw
from tasks.program import load
from tasks.task import Task, TaskError

DRAWS = 3
"""Draws of the task's own inputs that an output is looked at over."""

_NOTHING = (Flaw.ZERO, Flaw.CONSTANT, Flaw.NOT_FINITE)
"""What says all: such an output sees nothing, of course."""


def examine(task: Task, place: Place) -> tuple[Finding, ...]:
    """Give all that is wrong with a task: its size always at full size, the rest at the size that fits this place."""
    try:
        full = footprint(load(task.source, task.id))
        large = tuple(lint.too_large(full, place.gpu)) if full else ()
        if large and place.on_card:
            return large
        source = task.source if place.on_card else small_source(task)
        return *large, *_Experiments(Reference(task, source, place.device)).findings()
    except TaskError as error:
        return (Finding(Flaw.RAISES, str(error).removeprefix(f"{task.id}: ")),)
    except TypeError as error:  # an input that is neither tensor nor plain value
        return (Finding(Flaw.RAISES, f"its inputs cannot be handed on: {error}"),)
    except torch.OutOfMemoryError:
        return (Finding(Flaw.TOO_LARGE, f"eager torch ran out of the memory of {place.gpu.name}"),)


class _Experiments:
    """One reference under a lens. Every answer is asked for under one seed, so that dropout cannot pass for sight."""

    def __init__(self, reference: Reference) -> None:
        self._reference, self._seed = reference, fresh_key()
        self._draws = [reference.draw_inputs(Distribution.OWN) for _ in range(DRAWS)]
        self._answers = [self._answer(each) for each in self._draws]
        self._known = self._judged_by(self._draws[-1])

    def findings(self) -> tuple[Finding, ...]:
        """Do all of them; what says nothing of its own after a worse finding is left out."""
        unsteady = list(self._steadiness())
        found = [*unsteady, *self._mutation()]
        empty = list(self._outputs())
        found += empty
        says = len(empty) < len(self._known) or not all(each.flaw in _NOTHING for each in empty)
        if says and not unsteady:  # the truth draws other random numbers: anything would be judged right
            found += [*self._inputs(), *self._weights()]
        return tuple(found)

    def _answer(self, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        with seeded(self._seed):
            return self._reference.eager(tensors)

    def _judged_by(self, tensors: Sequence[torch.Tensor]) -> Sequence[Answered]:
        with seeded(self._seed):
            return known_of(self._reference, tensors).known

    def _passes(self, answers: Sequence[torch.Tensor]) -> bool:
        """Whether the judge would take these answers for the last draw's."""
        return all(
            each.shape == known.eager.shape and not self._judged(each, known).wrong
            for each, known in zip(answers, self._known, strict=True)
        )

    def _judged(self, answer: torch.Tensor, known: Answered) -> Judged:
        return judge(answer, known, self._reference.task.tolerance)

    def _steadiness(self) -> Iterator[Finding]:
        first, question = self._answers[-1], self._draws[-1]
        with seeded(fresh_key()):
            again = self._reference.eager(question)
        return lint.unsteady(first, again, self._answer(question))

    def _mutation(self) -> Iterator[Finding]:
        before = self._draws[-1]
        return lint.changed(before, self._reference.touched(before))

    def _outputs(self) -> Iterator[Finding]:
        for place, known in enumerate(self._known):
            allowed = self._judged(known.eager, known).errors.frobenius_allowed
            for each in lint.of_output([drawn[place] for drawn in self._answers], self._draws[-1], allowed):
                yield Finding(each.flaw, self._reference.output_name(place) + each.words)

    def _inputs(self) -> Iterator[Finding]:
        *_, other, last = self._draws
        blind = [place for place, each in enumerate(other) if self._blind_to(place, each, last)]
        if blind:
            which = "any input" if len(blind) == len(last) else f"input {', '.join(map(str, blind))}"
            yield Finding(Flaw.INPUT_BLIND, f"an answer that never saw {which} is judged right")

    def _blind_to(self, place: int, other: torch.Tensor, last: Sequence[torch.Tensor]) -> bool:
        if other.numel() == 0 or lint.same(other, last[place]):  # a constant of the task is no input that varies
            return False
        return self._passes(self._answer([other if i == place else each for i, each in enumerate(last)]))

    def _weights(self) -> Iterator[Finding]:
        reference = self._reference
        kept = {name: each.clone() for name, each in reference.state.items()}
        reference.draw_weights(again=True)
        others = {name: each.clone() for name, each in reference.state.items()}
        _put(reference.state, kept)
        blind: list[str] = []
        for name in (each for each in reference.state if each in reference.parameters):
            reference.state[name].copy_(others[name])
            if others[name].numel() and self._passes(self._answer(self._draws[-1])):
                blind.append(name)
            reference.state[name].copy_(kept[name])
        if blind:
            yield Finding(Flaw.WEIGHT_BLIND, f"an answer with other values of {', '.join(blind)} is judged right")


def _put(state: Mapping[str, torch.Tensor], values: Mapping[str, torch.Tensor]) -> None:
    for name, each in state.items():
        each.copy_(values[name])
