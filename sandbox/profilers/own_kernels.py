"""Which kernels are a candidate's own, by its text."""

import ast


def own_kernels(source: str) -> set[str]:
    """Give the names of functions under a decorator that is, or ends in, ``jit`` (``@triton.jit``)."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return {each.name for each in functions if any(_is_jit(decorator) for decorator in each.decorator_list)}


def _is_jit(decorator: ast.expr) -> bool:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")) == "jit"
