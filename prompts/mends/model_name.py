"""Renames ``Model`` to ``ModelNew`` where nothing is called so and ``Model`` launches a kernel."""

import ast
from collections.abc import Mapping

from prompts.program import Edit, Program

_WRONG, _WANTED = "Model", "ModelNew"


def mend(program: Program) -> tuple[Edit, ...]:
    """Rename the class and every use of it; nothing where the name is bound twice or the wanted one occurs anywhere."""
    definitions = {node.name: node for node in program.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    found = definitions.get(_WRONG)
    if not isinstance(found, ast.ClassDef) or program.bindings[_WRONG] != 1 or _WANTED in program.source:
        return ()
    if not _launches(found, definitions):
        return ()
    uses = (node for node in ast.walk(program.tree) if isinstance(node, ast.Name) and node.id == _WRONG)
    begin = program.source.index(_WRONG, program.start(found))
    places = [begin, *(program.start(node) for node in uses)]
    if not all(program.source.startswith(_WRONG, at) for at in places):
        return ()  # before Python 3.12, positions inside an f-string are guesses
    return tuple(Edit(at, at + len(_WRONG), _WANTED) for at in places)


def _launches(found: ast.ClassDef, definitions: Mapping[str, ast.FunctionDef | ast.ClassDef]) -> bool:
    """Whether a class, or what it names, launches a kernel: ``kernel[grid](...)``."""
    seen = {found.name}
    waiting: list[ast.stmt] = [found]
    while waiting:
        for node in ast.walk(waiting.pop()):
            match node:
                case ast.Call(func=ast.Subscript(value=ast.Name(id=name))) if _speaks_triton(definitions.get(name)):
                    return True
                case ast.Name(id=name) if name in definitions and name not in seen:
                    seen.add(name)
                    waiting.append(definitions[name])
                case _:
                    pass
    return False


def _speaks_triton(function: ast.stmt | None) -> bool:
    return isinstance(function, ast.FunctionDef) and any(
        isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"tl", "triton.language"}
        for node in ast.walk(function)
    )
