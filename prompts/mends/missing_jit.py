"""Puts ``@triton.jit`` on what is launched as ``name[grid](...)``, and on what only kernels call."""

import ast
from collections.abc import Iterator, Mapping

from prompts.program import Edit, Program

_AROUND = frozenset({"triton.autotune", "triton.heuristics"})
"""Decorators that want a jitted function under them."""


def mend(program: Program) -> tuple[Edit, ...]:
    """Decorate every such function of the top level that is bound once, and that nothing uses in another way."""
    name = program.alias("triton")
    if program.guarded or (name is None and program.bindings.get("triton")):
        return ()
    bare = {each.name: each for each in _functions(program) if _is_bare(program, each)}
    bare = {key: each for key, each in bare.items() if not name or program.imported[name].at < program.start(each)}
    kernels = {key: each for key, each in bare.items() if _only_launched(program, each)}
    found = {**kernels, **_only_called(program, bare, kernels)}
    edits = [_decorated(program, each, name or "triton") for each in found.values()]
    return (*([program.importing("import triton")] if edits and not name else []), *edits)


def _decorated(program: Program, function: ast.FunctionDef, name: str) -> Edit:
    at = program.start(function)
    return Edit(at, at, f"@{name}.jit\n")


def _functions(program: Program) -> Iterator[ast.FunctionDef]:
    for node in program.tree.body:
        if isinstance(node, ast.FunctionDef) and program.bindings[node.name] == 1:
            yield node


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _is_bare(program: Program, function: ast.FunctionDef) -> bool:
    return all(program.path(_called(each)) in _AROUND for each in function.decorator_list)


def _only_launched(program: Program, function: ast.FunctionDef) -> bool:
    """Whether it speaks Triton's language, and every use of its name is a launch."""
    paths = (program.path(node) or "" for node in ast.walk(function) if isinstance(node, ast.Attribute))
    if not any(each.startswith("triton.language.") for each in paths):
        return False
    calls = [node.func for node in ast.walk(program.tree) if isinstance(node, ast.Call)]
    launches = [each.value for each in calls if isinstance(each, ast.Subscript)]
    return _all_uses(program.tree, function.name, launches)


def _only_called(
    program: Program, bare: Mapping[str, ast.FunctionDef], kernels: Mapping[str, ast.FunctionDef]
) -> dict[str, ast.FunctionDef]:
    """Functions that nothing but kernels calls: Triton refuses a plain one."""
    jitted = (each for each in program.tree.body if isinstance(each, ast.FunctionDef) and _is_jitted(program, each))
    inside = [*kernels.values(), *jitted]
    found: dict[str, ast.FunctionDef] = {}
    for _ in bare:
        bodies = [line for each in (*inside, *found.values()) for line in each.body]
        calls = [node.func for line in bodies for node in ast.walk(line) if isinstance(node, ast.Call)]
        rest = (each for key, each in bare.items() if key not in kernels and not each.decorator_list)
        found.update({each.name: each for each in rest if _all_uses(program.tree, each.name, calls)})
    return found


def _is_jitted(program: Program, function: ast.FunctionDef) -> bool:
    return any(program.path(_called(each)) == "triton.jit" for each in function.decorator_list)


def _all_uses(tree: ast.Module, name: str, places: list[ast.expr]) -> bool:
    uses = sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))
    return bool(uses) and uses == sum(isinstance(node, ast.Name) and node.id == name for node in places)
