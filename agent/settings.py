"""Where a run's settings come from: flag over ``--set`` over environment over file over default."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args, get_origin, get_type_hints

from agent.config import ConfigError, RunConfig
from sandbox.codec import CodecError, decode, encode

ENVIRONMENT = {
    "KERNELWRIGHT_GPU": "gpu",
    "KERNELWRIGHT_PLACE": "place",
    "KERNELWRIGHT_POLICY": "policy.name",
    "KERNELWRIGHT_LLM": "llm.name",
    "KERNELWRIGHT_MODEL": "llm.model",
}
"""Variables that set something, and the key that each sets."""
_CHOICES = ("policy", "llm")
"""Tables that name a plug-in: a bare string there is its name, and another name forgets the options of the last."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value that somebody wrote down."""

    key: str
    """Dotted, for example ``budget.usd``."""
    value: Any
    origin: str
    """Where it was written, for a person."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration, and where each part of it was written."""

    config: RunConfig
    chosen: Mapping[str, Setting]
    """The setting that won, by key; what is not here is a default."""

    def where(self, key: str) -> str:
        """Say who set a key, for example ``flag --gpu``; ``default`` where nobody did."""
        return self.chosen[key].origin if key in self.chosen else "default"


def settled(*layers: Iterable[Setting]) -> Settings:
    """Lay later layers over earlier ones, the command line being one: another plug-in's name forgets the options that
    earlier layers gave to the last. Raises ConfigError that says where a bad value was written.
    """
    chosen: dict[str, Setting] = {}
    for setting in (each for layer in layers for each in sorted(layer, key=lambda each: not _names(each))):
        if _names(setting):
            chosen = _without_options(chosen, setting)
        chosen[setting.key] = setting
    try:
        return Settings(decode(RunConfig, _nested(chosen.values())), chosen)
    except CodecError as error:
        raise ConfigError(f"{_culprit(str(error), chosen)}{error}") from error


def from_file(file: Path) -> list[Setting]:
    """Read a TOML file; a relative ``templates`` is meant from the file's folder. Raises ConfigError."""
    try:
        table = tomllib.loads(file.read_text())
    except FileNotFoundError as error:
        raise ConfigError(f"no configuration file {str(file)!r}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not TOML: {error}") from error
    if isinstance(table.get("templates"), str):
        table["templates"] = str((file.parent / table["templates"]).absolute())
    return list(_flat(table, str(file)))


def from_environment(environment: Mapping[str, str]) -> list[Setting]:
    """Read the variables of ``ENVIRONMENT``; an empty one counts as not set."""
    return [Setting(key, environment[name], name) for name, key in ENVIRONMENT.items() if environment.get(name)]


def from_assignments(assignments: Iterable[str], origin: str = "--set") -> list[Setting]:
    """Read ``a.b=c``; raises ConfigError that says ``origin``.

    The value is what TOML makes of it, or else plain text; where several are wanted, with commas between them, and
    nothing at all is none.
    """
    found: list[Setting] = []
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals or not key.strip():
            raise ConfigError(f"{origin} takes KEY=VALUE, for example budget.usd=2, got {assignment!r}")
        key, value = key.strip(), _value(key.strip(), text.strip())
        found += _flat(_table(key, str(Path(value).absolute()) if key == "templates" else value), origin)
    return found


def from_flags(**flags: str | None) -> list[Setting]:
    """Take the flags that were given, by name."""
    keys = {"policy": "policy.name", "llm": "llm.name", "model": "llm.model"}
    given = {name: value for name, value in flags.items() if value is not None}
    return [Setting(keys.get(name, name), value, f"--{name}") for name, value in given.items()]


def from_run(config: RunConfig, run: str) -> list[Setting]:
    """Take all that an earlier run was started with."""
    return list(_flat(encode(config), f"run {run}"))


def _names(setting: Setting) -> bool:
    return setting.key in [f"{table}.name" for table in _CHOICES]


def _without_options(chosen: dict[str, Setting], name: Setting) -> dict[str, Setting]:
    """Forget the options of a plug-in that is replaced: they mean nothing to the next one."""
    if name.key in chosen and chosen[name.key].value == name.value:
        return chosen
    table = name.key.removesuffix("name")
    return {key: kept for key, kept in chosen.items() if not key.startswith(table)}


def _flat(table: Mapping[str, Any], origin: str, prefix: str = "") -> Iterable[Setting]:
    for key, value in table.items():
        path = f"{prefix}{key}"
        if path in _CHOICES and isinstance(value, str):
            yield Setting(f"{path}.name", value, origin)
        elif isinstance(value, dict):
            yield from _flat(cast("dict[str, Any]", value), origin, f"{path}.")
        else:
            yield Setting(path, value, origin)


def _nested(settings: Iterable[Setting]) -> dict[str, Any]:
    tree = encode(RunConfig())
    for setting in settings:
        *folders, leaf = setting.key.split(".")
        table = tree
        if _names(setting) and tree[folders[0]].get("name") != setting.value:
            tree[folders[0]] = {}
        for folder in folders:
            table = table.setdefault(folder, {})
            if not isinstance(table, dict):
                raise ConfigError(f"{setting.origin}: {setting.key!r} lies under {folder!r}, which is no table")
        table[leaf] = setting.value
    return tree


def _table(key: str, value: Any) -> dict[str, Any]:
    for part in reversed(key.split(".")):
        value = {part: value}
    return cast("dict[str, Any]", value)


def _value(key: str, text: str) -> Any:
    several = get_origin(_kind(key)) is tuple
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return _parts(text) if several else text
    if several and isinstance(value, str):
        return [value]
    return text if _is_text(key) and not isinstance(value, str) else value


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")] if text else []


def _is_text(key: str) -> bool:
    kind = _kind(key)
    return kind is str or (str in get_args(kind) and get_origin(kind) is not tuple)


def _kind(key: str) -> Any:
    kind: Any = RunConfig
    for part in key.split("."):
        hints = get_type_hints(kind) if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__") else {}
        kind = hints.get(part)
    return kind


def _culprit(message: str, chosen: Mapping[str, Setting]) -> str:
    path = message.removeprefix("unknown key ").split(":")[0].split(";")[0].strip("'")
    told = [each.origin for key, each in chosen.items() if key == path or key.startswith(f"{path}.")]
    return f"{told[-1]}: " if told else ""
