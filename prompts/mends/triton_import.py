"""Imports ``libdevice`` and its functions from where the installed Triton keeps them, not from ``triton.language``."""

import ast

from prompts.program import Edit, Program
from prompts.triton_api import resolves

_ONCE = frozenset({"triton.language", "triton.language.math", "triton.language.libdevice"})
"""Where earlier versions kept them."""


def mend(program: Program) -> tuple[Edit, ...]:
    """Rewrite imports of the top level none of whose names is there; such an import ends the program."""
    return tuple(
        _moved(program, each) for each in program.tree.body if isinstance(each, ast.ImportFrom) and _fails(each)
    )


def _fails(statement: ast.ImportFrom) -> bool:
    if statement.module not in _ONCE or statement.level:
        return False
    paths = [f"{statement.module}.{each.name}" for each in statement.names]
    return all(not resolves(path) and resolves(f"{_now(statement)}.{path.rsplit('.', 1)[1]}") for path in paths)


def _now(statement: ast.ImportFrom) -> str:
    extra = "triton.language.extra"
    return extra if [each.name for each in statement.names] == ["libdevice"] else f"{extra}.libdevice"


def _moved(program: Program, statement: ast.ImportFrom) -> Edit:
    moved = ast.ImportFrom(_now(statement), statement.names, 0)
    return Edit(program.start(statement), program.end(statement), ast.unparse(moved))
