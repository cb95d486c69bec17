"""Writes ``tl.relu``, ``tl.silu``, ``tl.ones`` and ``tl.empty``, which Triton has not, by exact equivalents."""

import ast
from collections.abc import Callable, Mapping

from prompts.program import Edit, Program
from prompts.triton_api import resolves

_LANGUAGE = "triton.language"


def mend(program: Program) -> tuple[Edit, ...]:
    """Rewrite every such call of plain arguments."""
    tl = program.alias(_LANGUAGE)
    if program.guarded or tl is None:
        return ()
    edits: list[Edit] = []
    for node in ast.walk(program.tree):
        path = program.path(node.func) if isinstance(node, ast.Call) else None
        if not isinstance(node, ast.Call) or not path or resolves(path) or not _is_plain(program, node):
            continue
        module, name = path.rsplit(".", 1)
        if module == _LANGUAGE and name in _CALLS and program.source.startswith(tl, program.start(node)):
            edits += _CALLS[name](program, node, tl)
    return tuple(edits)


def _is_plain(program: Program, call: ast.Call) -> bool:
    """Whether the first argument begins right behind the bracket, and none is a star's."""
    if not call.args or program.source[program.end(call.func)] != "(":
        return False
    starred = any(isinstance(each, ast.Starred) for each in call.args) or any(
        each.arg is None for each in call.keywords
    )
    return not starred and program.start(call.args[0]) == program.end(call.func) + 1


def _relu(program: Program, call: ast.Call, tl: str) -> list[Edit]:
    """``tl.maximum(x, 0)`` of x's own type; a NaN stays one, as in torch."""
    if len(call.args) != 1 or call.keywords:
        return []
    behind = program.end(call.args[0])
    return [_renamed(program, call, f"{tl}.maximum"), Edit(behind, behind, f", 0, propagate_nan={tl}.PropagateNan.ALL")]


def _silu(program: Program, call: ast.Call, tl: str) -> list[Edit]:
    """``(x * tl.sigmoid(x))``, for a name alone: anything else would be computed twice."""
    if len(call.args) != 1 or call.keywords or not isinstance(call.args[0], ast.Name):
        return []
    x = call.args[0].id
    return [Edit(program.start(call), program.end(call), f"({x} * {tl}.sigmoid({x}))")]


def _ones(program: Program, call: ast.Call, tl: str) -> list[Edit]:
    """``tl.full(shape, 1, dtype)``."""
    if not _shape_and_dtype(call):
        return []
    behind = program.end(call.args[0])
    return [_renamed(program, call, f"{tl}.full"), Edit(behind, behind, ", 1")]


def _empty(program: Program, call: ast.Call, tl: str) -> list[Edit]:
    """``tl.zeros(shape, dtype)``: what was to be filled later may begin as anything."""
    return [_renamed(program, call, f"{tl}.zeros")] if _shape_and_dtype(call) else []


def _shape_and_dtype(call: ast.Call) -> bool:
    if len(call.args) == 2:
        return not call.keywords
    return len(call.args) == 1 and [each.arg for each in call.keywords] == ["dtype"]


def _renamed(program: Program, call: ast.Call, name: str) -> Edit:
    return Edit(program.start(call.func), program.end(call.func), name)


_CALLS: Mapping[str, Callable[[Program, ast.Call, str], list[Edit]]] = {
    "relu": _relu,
    "silu": _silu,
    "ones": _ones,
    "empty": _empty,
}
