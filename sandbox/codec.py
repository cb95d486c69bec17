"""Frozen dataclasses to JSON and back, by their annotations alone: no schema is written twice."""

import functools
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from tasks.nearest import instead


class CodecError(ValueError):
    """What was read does not fit the type; the message names the field, its value and what there is instead."""


def encode(value: Any) -> dict[str, Any]:
    """Turn a dataclass into what ``json.dumps`` takes."""
    return asdict(value)


def decode(kind: Any, data: Any, where: str = "") -> Any:
    """Build a ``kind`` from what ``json.loads`` or ``tomllib`` gave; ``where`` begins the path in messages.

    Raises CodecError for an unknown key, a missing one, or a value of another type.
    """
    origin, args = get_origin(kind), get_args(kind)
    if isinstance(kind, UnionType):
        return _decode_union(args, data, where)
    if origin is tuple:
        items = cast("list[Any]", _expect((list, tuple), data, where))
        inner = [args[0]] * len(items) if args[-1] is Ellipsis else list(args)
        if len(inner) != len(items):
            raise CodecError(f"{where}: {len(inner)} values expected, got {len(items)}")
        return tuple(
            decode(each, item, f"{where}[{i}]") for i, (each, item) in enumerate(zip(inner, items, strict=True))
        )
    if isinstance(origin, type) and issubclass(origin, Mapping):
        table = cast("dict[str, Any]", _expect((dict,), data, where))
        return {key: decode(args[1], item, _path(where, key)) for key, item in table.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return _decode_dataclass(kind, _expect((dict,), data, where), where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _decode_enum(kind, data, where)
    return _decode_plain(kind, data, where)


def _decode_union(kinds: tuple[Any, ...], data: Any, where: str) -> Any:
    if data is None and NoneType in kinds:
        return None
    real = [each for each in kinds if each is not NoneType]
    for each in real[:-1]:
        try:
            return decode(each, data, where)
        except CodecError:
            continue
    return decode(real[-1], data, where)


def _decode_dataclass(kind: Any, table: dict[str, Any], where: str) -> Any:
    hints = _hints(kind)
    known = [each.name for each in fields(kind)]
    for key in table:
        if key not in known:
            raise CodecError(f"unknown key {_path(where, key)!r}; {instead(key, known)}")
    try:
        return kind(**{name: decode(hints[name], item, _path(where, name)) for name, item in table.items()})
    except TypeError as error:
        raise CodecError(f"{where or kind.__name__}: {str(error).replace('__init__() ', '')}") from error
    except CodecError:
        raise
    except ValueError as error:
        raise CodecError(f"{where or kind.__name__}: {error}") from error


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode_enum(kind: type[Enum], data: Any, where: str) -> Any:
    try:
        return kind(data)
    except ValueError as error:
        raise CodecError(f"{where}: no {data!r}; there are {', '.join(str(each.value) for each in kind)}") from error


def _decode_plain(kind: Any, data: Any, where: str) -> Any:
    if kind is Any or kind is object:
        return data
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    return _expect((kind,), data, where)


def _expect(kinds: tuple[Any, ...], data: Any, where: str) -> Any:
    if not isinstance(data, kinds) or (isinstance(data, bool) and bool not in kinds):
        raise CodecError(f"{where}: {kinds[0].__name__} expected, got {data!r:.80}")
    return data


def _path(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
