"""Gives a candidate the reference's weights: by name, and what is left by unique shape and order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch


class UnmatchedError(Exception):
    """A parameter of the candidate has no weight of the reference, or could have several."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Which weight each tensor of a candidate's state takes."""

    source: Mapping[str, str]
    """Candidate's name → reference's name."""
    by_name: int
    by_shape: int
    left: int
    """Buffers of the candidate's own, left as built."""
    unused: int
    """Weights that no tensor of the candidate took."""

    @property
    def counts(self) -> list[int]:
        """The four numbers, as the shared words take them."""
        return [self.by_name, self.by_shape, self.left, self.unused]


def match(model: torch.nn.Module, weights: Iterable[tuple[str, bool, tuple[int, ...]]]) -> Matching:
    """Pair the candidate's state with weights (name, whether a parameter, shape).

    A name counts only where the shape agrees. What is left is paired in order within one shape, parameters with
    parameters, if both sides have the same number of it. Raises UnmatchedError that names the parameters left over.
    """
    mine = {name: (name in _parameters(model), tuple(each.shape)) for name, each in _tensors(model).items()}
    theirs = {name: (is_parameter, shape) for name, is_parameter, shape in weights}
    source = {name: name for name, (_, shape) in mine.items() if name in theirs and theirs[name][1] == shape}
    by_name = len(source)
    for key in dict.fromkeys(mine.values()):
        wanting = [name for name, each in mine.items() if each == key and name not in source]
        free = [name for name, each in theirs.items() if each == key and name not in source.values()]
        if len(wanting) == len(free):
            source.update(zip(wanting, free, strict=True))
    left = [name for name in mine if name not in source]
    lost = [name for name in left if mine[name][0]]
    unused = [name for name in theirs if name not in source.values()]
    if lost:
        raise UnmatchedError(
            f"parameters {_listed(lost, mine)} match no weight; the reference has {_listed(unused, theirs)}"
        )
    return Matching(source, by_name, len(source) - by_name, len(left), len(unused))


def load(model: torch.nn.Module, matching: Matching, values: Mapping[str, torch.Tensor]) -> None:
    """Copy by ``load_state_dict``, so that a candidate's own hooks (packing, say) see every new set."""
    state = {mine: values[theirs].clone() for mine, theirs in matching.source.items()}
    model.load_state_dict(state, strict=False)


def assign(model: torch.nn.Module, matching: Matching, values: Mapping[str, torch.Tensor]) -> None:
    """Write into the model's own tensors in place, as an optimiser would: no hook of the candidate's is told."""
    own = _tensors(model)
    with torch.no_grad():
        for mine, theirs in matching.source.items():
            own[mine].copy_(values[theirs])


def _tensors(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    state: Mapping[str, Any] = model.state_dict()
    return {name: each for name, each in state.items() if isinstance(each, torch.Tensor)}


def _parameters(model: torch.nn.Module) -> set[str]:
    return {name for name, _ in model.named_parameters(remove_duplicate=False)}


def _listed(names: list[str], of: Mapping[str, tuple[bool, tuple[int, ...]]]) -> str:
    return ", ".join(f"{name} {list(of[name][1])}" for name in names) or "none left"
