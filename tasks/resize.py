"""The same reference at other sizes: its module-level integer constants are read and rewritten, nothing else."""

import ast
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tasks.contract import bound, parse
from tasks.nearest import instead
from tasks.task import TaskError

_OPERATORS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


@dataclass(frozen=True, slots=True)
class _Setting:
    """Names that one piece of the text sets: a value of its own, or the whole statement of ``a = b = 4``."""

    names: tuple[str, ...]
    value: int
    place: ast.expr | ast.stmt

    def text(self, sizes: Mapping[str, int]) -> str:
        """Say the same with other sizes, on one line, so that the lines below keep their numbers."""
        if isinstance(self.place, ast.expr):
            return str(sizes[self.names[0]])
        return "; ".join(f"{name} = {sizes.get(name, self.value)}" for name in self.names)


def constants(source: str) -> dict[str, int]:
    """Give the size constants in the order of the text.

    A constant is a name that is bound once, at the module's top level, to integers joined by ``+ - * //``;
    ``a = b = 4``, ``a, b = 4, 5`` and ``a: int = 4`` count. Raises TaskError for text that is not Python.
    """
    return {name: each.value for each in _settings(source) for name in each.names}


def resized(source: str, sizes: Mapping[str, int]) -> str:
    """Give the text with other sizes; lines keep their numbers, and all that is not a named constant stays as it is.

    Raises TaskError for a name that is not one of ``constants(source)``.
    """
    now = constants(source)
    for name in sizes:
        if name not in now:
            raise TaskError(f"no size constant {name!r} in the reference; {instead(name, now)}")
    changed = {name: size for name, size in sizes.items() if size != now[name]}
    text = source.encode()
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    for each in reversed(_settings(source)):
        if changed.keys() & set(each.names):
            first, last = _span(each.place, starts)
            kept = b"\\\n" * text[first:last].count(b"\n")
            text = text[:first] + each.text(changed).encode() + kept + text[last:]
    return text.decode()


def _settings(source: str) -> list[_Setting]:
    tree = parse(source, "reference")
    times = Counter(bound(tree))
    found = (setting for statement in tree.body for setting in _of_statement(statement))
    return [each for each in found if all(times[name] == 1 for name in each.names)]


def _of_statement(statement: ast.stmt) -> Iterator[_Setting]:
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            pairs = list(zip(targets, values, strict=False))
        case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
            pairs = [(target, value)]
        case ast.Assign(targets=targets, value=value):
            names = tuple(each.id for each in targets if isinstance(each, ast.Name))
            size = _value(value)
            if size is not None and len(names) == len(targets):
                yield _Setting(names, size, statement)
            return
        case _:
            return
    for target, value in pairs:
        size = _value(value)
        if size is not None and isinstance(target, ast.Name):
            yield _Setting((target.id,), size, value)


def _value(node: ast.expr) -> int | None:
    if isinstance(node, ast.Constant) and type(node.value) is int:  # type(): True is an int too, and no size
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _value(node.left), _value(node.right)
        if left is None or right is None or (right == 0 and isinstance(node.op, ast.FloorDiv)):
            return None
        return _OPERATORS[type(node.op)](left, right)
    return None


def _span(node: ast.expr | ast.stmt, starts: Sequence[int]) -> tuple[int, int]:
    last, end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return starts[node.lineno - 1] + node.col_offset, starts[last - 1] + end
