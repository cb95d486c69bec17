"""What can be named on the command line, as tables of words."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from agent.config import RunConfig
from agent.llm.provider import Provider, tables
from agent.workshop import library_of
from prompts.library import SHIPPED
from prompts.stage import StageKind
from sandbox.gpu import gpu_named, known_gpus

Rows = list[tuple[str, ...]]
Listing = tuple[tuple[str, ...], Rows]
"""The columns' names, and the rows."""


def of(what: str, home: Path, config: RunConfig) -> Listing:
    """List ``tasks``, ``gpus``, ``stages``, ``policies``, ``llms`` or ``mends``; raises what reading them raises."""
    lists: Mapping[str, Callable[[], Listing]] = {
        "tasks": _tasks,
        "gpus": _gpus,
        "stages": lambda: _stages(config),
        "policies": _policies,
        "llms": lambda: _llms(home),
        "mends": _mends,
    }
    return lists[what]()


def _tasks() -> Listing:
    from tasks.catalog import find

    return ("task", "kind", "origin"), [(task.id, str(task.kind or "by its graph"), task.origin) for task in find("*")]


def _gpus() -> Listing:
    specs = [gpu_named(each) for each in known_gpus()]
    rows = [
        (
            gpu.id,
            gpu.name,
            gpu.architecture,
            gpu.compute_capability,
            f"{gpu.dram_gb:g} GB",
            f"{gpu.dram_gb_per_s:g} GB/s",
        )
        for gpu in specs
    ]
    return ("gpu", "name", "architecture", "capability", "memory", "bandwidth"), rows


def _stages(config: RunConfig) -> Listing:
    library = library_of(config)
    stages = [stage for kind in StageKind for stage in library.of_kind(kind)]
    rows = [(stage.name, str(stage.kind), stage.title, _origin(library.origin(stage.name))) for stage in stages]
    return ("stage", "kind", "asks for", "origin"), rows


def _origin(file: Path) -> str:
    return "shipped" if file.is_relative_to(SHIPPED) else str(file)


def _policies() -> Listing:
    from agent.plugins import known_policies

    return ("policy",), [(name,) for name in known_policies()]


def _mends() -> Listing:
    from prompts.mending import known_mends

    return ("mend", "what it does"), [(rule.name, rule.words.replace("``", "")) for rule in known_mends().values()]


def _llms(home: Path) -> Listing:
    from agent.llm.providers import known_llms

    endpoints = tables(home)
    return ("llm", "key", "where"), [(name, *_endpoint(endpoints.get(name))) for name in known_llms(home)]


def _endpoint(provider: Provider | None) -> tuple[str, str]:
    if provider is None:
        return "none needed", "on this machine"
    if not provider.api_key_env:
        return "none needed", provider.base_url
    return (
        f"{provider.api_key_env} {'is set' if os.environ.get(provider.api_key_env) else 'is not set'}",
        provider.base_url,
    )
