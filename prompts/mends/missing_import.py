"""Imports a module that is used by its customary name and bound nowhere: math, torch, triton, tl, nn, F, libdevice."""

import ast
import functools
import importlib.util
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from prompts.program import Edit, Program
from prompts.triton_api import resolves


def mend(program: Program) -> tuple[Edit, ...]:
    """Import every such name whose uses all stand left of a dot, where what stands right of one proves the module."""
    if program.guarded:
        return ()
    missing = [(name, *known) for name, known in _CUSTOMARY.items() if not program.bindings.get(name)]
    wanted = [statement for name, statement, proves in missing if _means(program.tree, name, proves)]
    return (program.importing("\n".join(wanted)),) if wanted else ()


def _means(tree: ast.Module, name: str, proves: Callable[[str], bool]) -> bool:
    uses = sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))
    attributes = list(_attributes(tree, name))
    if name == "math" and any(True for kernel in _kernels(tree) for _ in _attributes(kernel, name)):
        return False  # Triton's own math may be meant there
    return bool(uses) and uses == len(attributes) and any(map(proves, attributes))


def _attributes(tree: ast.AST, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            yield node.attr


def _kernels(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any("jit" in ast.unparse(each) for each in node.decorator_list):
            yield node


@functools.cache
def _of_functional() -> frozenset[str]:
    """Names in ``torch.nn.functional``, read from its file: whoever orchestrates need not load torch."""
    torch = importlib.util.find_spec("torch")
    if torch is None or torch.origin is None:
        return frozenset()
    tree = ast.parse((Path(torch.origin).parent / "nn" / "functional.py").read_text(encoding="utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assigned = (node.targets[0] for node in tree.body if isinstance(node, ast.Assign))
    return frozenset(defined | {each.id for each in assigned if isinstance(each, ast.Name)})


def _of_nn(name: str) -> bool:
    """Classes are in camel case; a tensor's ``T``, ``H`` and ``mT`` are not."""
    return (name[0].isupper() and len(name) > 1) or name in {"functional", "init", "utils", "parameter"}


_CUSTOMARY: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "math": ("import math", lambda name: hasattr(math, name)),
    "torch": ("import torch", lambda _: True),
    "nn": ("import torch.nn as nn", _of_nn),
    "F": ("import torch.nn.functional as F", lambda name: name in _of_functional()),
    "triton": ("import triton", lambda name: resolves(f"triton.{name}")),
    "tl": ("import triton.language as tl", lambda name: resolves(f"triton.language.{name}")),
    "libdevice": (
        "from triton.language.extra import libdevice",
        lambda name: resolves(f"triton.language.extra.libdevice.{name}"),
    ),
}
"""The statement, and whether an attribute proves that the module is meant (``F`` may be a missing number)."""
