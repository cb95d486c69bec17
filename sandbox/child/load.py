"""Imports a candidate's text as a module with a file of its own (Triton's decorators read their source from disk)."""

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

FILE = "candidate.py"


def imported(source: str, folder: Path) -> ModuleType:
    """Write, import, return; raises whatever the text raises."""
    file = folder / FILE
    file.write_text(source)
    spec = importlib.util.spec_from_file_location("candidate", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["candidate"] = module
    spec.loader.exec_module(module)
    return module


def built(module: ModuleType, init: str, device: str | None) -> torch.nn.Module:
    """Make ``ModelNew(*init)``, on ``device`` where one is named; raises what that raises, TypeError for no module."""
    model: Any = module.ModelNew(*ast.literal_eval(init))
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"ModelNew must be a torch.nn.Module, and is a {type(model).__name__}")
    return model.to(device) if device else model
