"""``--llm`` names: the backends of this folder and the tables of ``providers.toml``, one namespace."""

import inspect
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, get_type_hints

from agent import llm
from agent.llm import Llm, LlmError, openai_compatible
from agent.llm.provider import tables
from sandbox.codec import CodecError, decode
from tasks.nearest import instead

_OPTIONS = "llm.options"


def known_llms(home: Path) -> list[str]:
    """Every name that ``--llm`` takes, backends first; raises LlmError where ``home/providers.toml`` is broken."""
    backends = _backends()
    return [*backends, *(name for name in tables(home) if name not in backends)]


def llm_named(name: str, model: str, home: Path, place: str, options: Mapping[str, object]) -> Llm:
    """Build the model that a name stands for.

    ``model`` may be empty, ``place`` is where candidates are judged (``cuda`` or ``emulated``), ``options`` are the
    backend's own. A name with a dot is anybody's module that defines ``make``. Nothing is asked and no key is needed
    yet: ``check`` does that. Raises LlmError for an unknown name, an unknown option or a value that does not fit.
    """
    backend = _backends().get(name) or ("." in name and _foreign(name)) or None
    if backend:
        return _from_backend(name, backend.make, {"model": model, "home": home, "place": place}, options)
    provider = tables(home).get(name)
    if provider is None:
        raise LlmError(f"no model backend or provider {name!r} for --llm; {instead(name, known_llms(home))}")
    try:
        settings = decode(openai_compatible.Settings, dict(options), _OPTIONS)
    except CodecError as error:
        raise LlmError(f"--llm {name}: {error}") from error
    return openai_compatible.OpenAiCompatible(name, provider, model or provider.model, settings)


def _backends() -> dict[str, ModuleType]:
    modules = [import_module(f"{llm.__name__}.{found.name}") for found in iter_modules(llm.__path__)]
    return {module.__name__.rpartition(".")[2]: module for module in modules if hasattr(module, "make")}


def _foreign(path: str) -> ModuleType:
    try:
        module = import_module(path)
    except ModuleNotFoundError as error:
        raise LlmError(f"no module {path!r} for --llm: {error}") from error
    if not hasattr(module, "make"):
        raise LlmError(f"module {path!r} is no model backend: it defines no make()")
    return module


def _from_backend(
    name: str, make: Callable[..., Llm], given: Mapping[str, object], options: Mapping[str, object]
) -> Llm:
    """Call ``make`` with those of ``given`` that its signature names, and with the user's options, checked by it."""
    hints: dict[str, Any] = get_type_hints(make)
    taken = list(inspect.signature(make).parameters)
    if given["model"] and "model" not in taken:
        raise LlmError(f"--llm {name} takes no model, but {given['model']!r} was given; name a provider with --llm")
    free = [each for each in taken if each not in given]
    for option in options:
        if option not in free:
            raise LlmError(f"--llm {name} has no option {option!r}; {instead(option, free)}")
    try:
        fitting = {key: decode(hints[key], value, f"{_OPTIONS}.{key}") for key, value in options.items()}
    except CodecError as error:
        raise LlmError(f"--llm {name}: {error}") from error
    return make(**{key: value for key, value in given.items() if key in taken}, **fitting)
