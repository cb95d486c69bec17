"""``--llm`` names: the backends of this folder and the tables of ``providers.toml``, one namespace."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_type_hints

from agent import llm
from agent.llm import Llm, LlmError, openai_compatible
from agent.llm.provider import tables
from agent.plugins import foreign_maker, makers
from sandbox.codec import CodecError, decode
from tasks.nearest import instead

_OPTIONS = "llm.options"


def known_llms(home: Path) -> list[str]:
    """Every name that ``--llm`` takes, backends first; raises LlmError where ``home/providers.toml`` is broken."""
    backends = makers(llm)
    return [*backends, *(name for name in tables(home) if name not in backends)]


def llm_named(name: str, model: str, home: Path, place: str, options: Mapping[str, object]) -> Llm:
    """Build the model that a name stands for.

    ``model`` may be empty, ``place`` is where candidates are judged (``cuda`` or ``emulated``), ``options`` are the
    backend's own. A name with a dot is anybody's module that defines ``make``. Nothing is asked and no key is needed
    yet: ``check`` does that. Raises LlmError for an unknown name, an unknown option or a value that does not fit, and
    PluginError for a module that is none.
    """
    backend = foreign_maker(name, "model backend") if "." in name else makers(llm).get(name)
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
