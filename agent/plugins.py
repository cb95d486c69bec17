"""Plug-ins by name: the file's name is the registry, and a name with a dot is anybody's module."""

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


def makers(folder: ModuleType) -> dict[str, ModuleType]:
    """Give the modules of a package that define ``make``, by the names of their files, sorted."""
    names = sorted(found.name for found in iter_modules(folder.__path__))
    modules = {name: import_module(f"{folder.__name__}.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "make")}


def foreign_maker(path: str, what: str) -> ModuleType:
    """Import anybody's module that defines ``make``; ``what`` names its kind. Raises PluginError."""
    if not all(part.isidentifier() for part in path.split(".")):
        raise PluginError(f"no {what} {path!r}: name a module as Python imports it, for example my_package.my_module")
    try:
        module = import_module(path)
    except ModuleNotFoundError as error:
        raise PluginError(f"no {what} {path!r}: {error}") from error
    if not hasattr(module, "make"):
        raise PluginError(f"module {path!r} is no {what}: it defines no make()")
    return module


def known_policies() -> list[str]:
    """Names that are shipped."""
    return list(makers(policies))


def policy_named(name: str, stages: Collection[Stage], options: Mapping[str, Any]) -> Policy:
    """Build a policy over the stages; raises PluginError."""
    module = foreign_maker(name, "policy") if "." in name else makers(policies).get(name)
    if module is None:
        raise PluginError(f"no policy {name!r}; {instead(name, known_policies())}")
    taken = list(inspect.signature(module.make).parameters)[1:]
    for option in options:
        if option not in taken:
            raise PluginError(f"policy {name!r} has no option {option!r}; {instead(option, taken)}")
    try:
        return module.make(stages, **options)
    except (TypeError, ValueError) as error:
        raise PluginError(f"policy {name!r}: {error}") from error
