"""Policies by name: the file's name is the registry, and a name with a dot is anybody's module."""

import inspect
from collections.abc import Collection, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from agent import policies
from agent.policies import Policy
from prompts.stage import Stage
from tasks.nearest import instead


class PluginError(Exception):
    """A name or an option is unknown, or an option's value does not fit; one line that says what there is instead."""


def known_policies() -> list[str]:
    """Names that are shipped."""
    return sorted(module.name for module in iter_modules(policies.__path__))


def policy_named(name: str, stages: Collection[Stage], options: Mapping[str, Any]) -> Policy:
    """Build a policy over the stages; raises PluginError."""
    make = _module(name).make
    taken = list(inspect.signature(make).parameters)[1:]
    for option in options:
        if option not in taken:
            raise PluginError(f"policy {name!r} has no option {option!r}; {instead(option, taken)}")
    try:
        return make(stages, **options)
    except (TypeError, ValueError) as error:
        raise PluginError(f"policy {name!r}: {error}") from error


def _module(name: str) -> ModuleType:
    if "." not in name and name not in known_policies():
        raise PluginError(f"no policy {name!r}; {instead(name, known_policies())}")
    path = name if "." in name else f"{policies.__name__}.{name}"
    try:
        module = import_module(path)
    except ModuleNotFoundError as error:
        raise PluginError(f"no policy {name!r}: {error}") from error
    if not hasattr(module, "make"):
        raise PluginError(f"module {name!r} is no policy: it defines no make()")
    return module
