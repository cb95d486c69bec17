"""The inline assembly that kernels really use: instructions in a straight line. Any other is not interpreted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sandbox.child.emulator import Unsupported
from sandbox.child.emulator.instructions import Array, known

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_REGISTER_BYTES = 4


@dataclass(frozen=True, slots=True)
class Results:
    """What a piece of assembly gives, as Triton asks for it."""

    handles: Sequence[Any]

    def get_result(self, index: int) -> Any:
        """Give one of them."""
        return self.handles[index]


def run(text: str, operands: Sequence[Array], dtypes: Sequence[Any], pack: int = 1) -> list[Array]:
    """Give the results, of the operands' shape; raises Unsupported for what is not known.

    A piece works on ``pack`` elements at a time, each in a register of its own: results first, in LLVM's numbering.
    """
    kinds = [np.dtype(each) for each in (*dtypes, *(operand.dtype for operand in operands))]
    if not operands or any(each.itemsize != _REGISTER_BYTES for each in kinds):
        raise Unsupported(f"inline assembly of other than 32 bits ({' '.join(text.split())[:60]!r})")
    registers: dict[str, Array] = {}
    for index, operand in enumerate(operands, len(dtypes)):
        flat = np.ascontiguousarray(operand).reshape(-1).view(np.uint32)
        grouped = np.pad(flat, (0, -flat.size % pack), mode="edge").reshape(-1, pack)
        registers |= {f"${index * pack + slot}": grouped[:, slot] for slot in range(pack)}
    groups, shape = -(-operands[0].size // pack), operands[0].shape
    for statement in re.split(r"[;{}]", _COMMENT.sub(" ", text)):
        _do(statement.strip(), registers)
    results: list[Array] = []
    for index, dtype in enumerate(dtypes):
        made = [np.broadcast_to(_value(f"${index * pack + slot}", registers), (groups,)) for slot in range(pack)]
        results.append(np.stack(made, axis=1).reshape(-1)[: operands[0].size].reshape(shape).view(dtype))
    return results


def _do(statement: str, registers: dict[str, Array]) -> None:
    if not statement or statement.startswith(".reg"):
        return
    name, _, rest = statement.partition(" ")
    act, (target, *sources) = known(name), [each.strip() for each in rest.split(",")]
    if act is None:
        raise Unsupported(f"inline assembly ({' '.join(statement.split())[:60]!r})")
    try:
        registers[target] = act(*(_value(each, registers) for each in sources))
    except (TypeError, ValueError) as error:  # too few operands, or a predicate among numbers
        raise Unsupported(f"inline assembly ({' '.join(statement.split())[:60]!r}): {error}") from None


def _value(word: str, registers: Mapping[str, Array]) -> Array:
    """Give a register's bits, or a constant's: ``0f3F800000``, ``1.5``, ``-7``, ``0xFF``."""
    if word in registers:
        return registers[word]
    try:
        if word.startswith("0f"):
            return np.array(int(word[2:], 16), np.uint32)
        if "." in word:
            return np.array(float(word), np.float32).view(np.uint32)
        return np.array(int(word, 0) & 0xFFFFFFFF, np.uint32)
    except (ValueError, OverflowError):  # no number, or one of more than 32 bits
        raise Unsupported(f"inline assembly that reads {word!r}, which nothing set") from None
