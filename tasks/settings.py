"""What a ``set.toml`` says of the tasks beside it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, cast

from tasks.flaw import Flaw
from tasks.nearest import instead
from tasks.task import Kind, TaskError, Tolerance

FILE = "set.toml"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Entry:
    """The table ``[tasks.NAME]``."""

    kind: Kind | None = None
    """As ``Task.kind``."""
    small: Mapping[str, int] | None = None
    """As ``Task.small_sizes``."""
    flaws: Mapping[str, str] = field(default_factory=dict[str, str])
    """As ``Task.flaws``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One ``set.toml``; a folder without one has these defaults."""

    origin: str = ""
    tolerance: Tolerance = field(default_factory=Tolerance)
    tasks: Mapping[str, Entry] = field(default_factory=dict[str, Entry])
    """By the stem of the task's file."""


def read_settings(folder: Path) -> Settings:
    """Read the folder's ``set.toml`` if there is one; TaskError names the key, what it holds and what is expected."""
    file = folder / FILE
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TaskError(f"{file}: {error}") from error
    try:
        return _settings(data)
    except TaskError as error:
        raise TaskError(f"{file}: {error}") from error


def _settings(data: Mapping[str, Any]) -> Settings:
    _expect_keys(Settings, data, "")
    return Settings(
        _typed(data.get("origin", ""), str, "origin"),
        _tolerance(_table(data.get("tolerance", {}), "tolerance")),
        {
            name: _entry(_table(each, f"tasks.{name}"), f"tasks.{name}")
            for name, each in _table(data.get("tasks", {}), "tasks").items()
        },
    )


def _tolerance(data: Mapping[str, Any]) -> Tolerance:
    _expect_keys(Tolerance, data, "tolerance.")
    usual = Tolerance()
    given = _table(data.get("allclose", {}), "tolerance.allclose")
    for dtype in given:
        if dtype not in usual.allclose:
            raise TaskError(f"unknown key tolerance.allclose.{dtype}; {instead(dtype, usual.allclose)}")
    return Tolerance(
        tf32=_typed(data.get("tf32", usual.tf32), bool, "tolerance.tf32"),
        times_max_error=_positive(data.get("times_max_error", usual.times_max_error), "tolerance.times_max_error"),
        times_frobenius_error=_positive(
            data.get("times_frobenius_error", usual.times_frobenius_error), "tolerance.times_frobenius_error"
        ),
        allclose={
            **usual.allclose,
            **{key: _positive(each, f"tolerance.allclose.{key}") for key, each in given.items()},
        },
    )


def _entry(data: Mapping[str, Any], where: str) -> Entry:
    _expect_keys(Entry, data, f"{where}.")
    kind = _typed(data["kind"], str, f"{where}.kind") if "kind" in data else None
    if kind is not None and kind not in list(Kind):
        raise TaskError(f"{where}.kind: no {kind!r}; {instead(kind, list(Kind))}")
    found = Kind(kind) if kind else None
    flaws = _table(data.get("flaws", {}), f"{where}.flaws")
    for flaw, reason in flaws.items():
        if flaw not in list(Flaw):
            raise TaskError(f"{where}.flaws: no {flaw!r}; {instead(flaw, list(Flaw))}")
        if not _typed(reason, str, f"{where}.flaws.{flaw}").strip():
            raise TaskError(f"{where}.flaws.{flaw}: a reason expected, got nothing")
    if "small" not in data:
        return Entry(found, flaws=flaws)
    small = _table(data["small"], f"{where}.small")
    for name, size in small.items():
        if _typed(size, int, f"{where}.small.{name}") < 1:
            raise TaskError(f"{where}.small.{name}: a size of at least 1 expected, got {size}")
    return Entry(found, small, flaws)


def _expect_keys(owner: type[Settings | Tolerance | Entry], data: Mapping[str, Any], where: str) -> None:
    known = [each.name for each in fields(owner)]
    for key in data:
        if key not in known:
            raise TaskError(f"unknown key {where}{key}; {instead(key, known)}")


def _table(value: object, where: str) -> dict[str, Any]:
    return cast("dict[str, Any]", _typed(value, dict, where))


def _positive(value: object, where: str) -> float:
    number = float(value) if type(value) is int else _typed(value, float, where)
    if not number > 0:
        raise TaskError(f"{where}: a number above 0 expected, got {value!r}")
    return number


def _typed(value: object, kind: type[_T], where: str) -> _T:
    if type(value) is not kind:  # exactly: True is an int too
        raise TaskError(f"{where}: {kind.__name__} expected, got {value!r:.80}")
    return value
