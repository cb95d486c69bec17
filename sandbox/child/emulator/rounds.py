"""A kernel's loops: their variables are what Triton makes of them, their rounds are counted, and of a long one a few
rounds are run that stand for all.
"""

# pyright: reportUnknownLambdaType=false, reportPrivateUsage=false
# What is replaced in torch and Triton has no types, and part of it no public name.

import ast
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from triton import language as tl
from triton.runtime import interpreter as triton_interpreter
from triton.runtime.interpreter import ASTTransformer, FunctionRewriter

from sandbox.child.emulator import Unsupported

KEPT = 16
"""Rounds of one loop that are run; the others are taken to be like them."""
_WHILE_LIMIT = 1024
_ROUNDS, _AGAIN = "_kernelwright_rounds", "_kernelwright_again"


class Induction(int):
    """A loop's variable: an int for Triton's interpreter, a tensor that has other types for its compiler."""

    def to(self, dtype: Any, *_: object, **__: object) -> Any:
        """Convert it, as ``tensor.to`` does."""
        return tl.full((), int(self), dtype)


def each_of(values: Iterable[Any]) -> Iterator[Any]:
    """Give a loop's values."""
    return (Induction(value) if type(value) is int else value for value in values)


class Rounds:
    """How often each loop of one program goes round."""

    def __init__(self) -> None:
        self.weight = 1.0
        """For how many rounds what happens now stands."""
        self.totals: dict[int, float] = {}
        self.skipped = False
        """Whether some rounds were left out."""

    def begin_program(self) -> None:
        """Forget the program before."""
        self.weight = 1.0
        self.totals = {}
        self.skipped = False

    def counted(self, values: Iterable[Any]) -> Iterator[Any]:
        """Give some values of a loop, evenly spread over all."""
        everything = list(values)
        line = sys._getframe(1).f_lineno
        kept = everything
        if len(everything) > KEPT:
            self.skipped = True
            kept = [everything[i * (len(everything) - 1) // (KEPT - 1)] for i in range(KEPT)]
        outer = self.weight
        self.totals[line] = self.totals.get(line, 0.0) + outer * len(everything)
        self.weight = outer * len(everything) / max(1, len(kept))
        try:
            yield from each_of(kept)
        finally:
            self.weight = outer

    def again(self, condition: Any) -> Any:
        """Count a round of a ``while`` loop; raises Unsupported where it will not end without data."""
        line = sys._getframe(1).f_lineno
        if condition:
            self.totals[line] = self.totals.get(line, 0.0) + self.weight
            if self.totals[line] > self.weight * _WHILE_LIMIT:
                raise Unsupported(f"a while loop of more than {_WHILE_LIMIT} rounds (line {line})")
        return condition


class _Transformer(ASTTransformer):
    """Wraps what a kernel's own loops iterate over."""

    def visit_For(self, node: ast.For) -> ast.AST:  # noqa: N802  # ast's name
        """Wrap it."""
        self.generic_visit(node)
        node.iter = ast.Call(ast.Name(_ROUNDS, ast.Load()), [node.iter], [])
        return node


class _CountingTransformer(_Transformer):
    """Counts the rounds of those that end by a condition, too."""

    def visit_While(self, node: ast.While) -> ast.AST:  # noqa: N802  # ast's name
        """Wrap the condition."""
        self.generic_visit(node)
        node.test = ast.Call(ast.Name(_AGAIN, ast.Load()), [node.test], [])
        return node


def install() -> None:
    """Have all kernels loop so from now on; the interpreter copies its own globals into a kernel's."""
    setattr(triton_interpreter, _ROUNDS, each_of)
    FunctionRewriter.ast_transformer = _Transformer()


def install_counting(rounds: Rounds) -> None:
    """Count in all kernels from now on."""
    setattr(triton_interpreter, _ROUNDS, rounds.counted)
    setattr(triton_interpreter, _AGAIN, rounds.again)
    FunctionRewriter.ast_transformer = _CountingTransformer()
