"""One endpoint as its table in ``providers.toml`` describes it, and every table that there is."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from agent.llm import LlmError
from sandbox.codec import CodecError, decode

PRICES = "usd_per_million_tokens"
ANY_MODEL = "*"


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in US dollars."""

    input: float
    output: float

    def of(self, input_tokens: int | None, output_tokens: int | None) -> float | None:
        """US dollars of one answer; None where the server did not count its tokens and they are not free."""
        if self.is_free:
            return 0.0
        if input_tokens is None or output_tokens is None:
            return None
        return (input_tokens * self.input + output_tokens * self.output) / 1e6

    @property
    def is_free(self) -> bool:
        """Whether nothing has to be counted."""
        return not self.input and not self.output


def _no_prices() -> Mapping[str, Price]:
    return {}


@dataclass(frozen=True, slots=True)
class Provider:
    """Where to ask, with what key, at what price."""

    base_url: str
    """What stands before ``/chat/completions``."""
    base_url_env: str = ""
    """Variable that takes its place where it is set; empty for none."""
    api_key_env: str = ""
    """Variable that holds the key; empty where the server wants none."""
    model: str = ""
    """Taken where the user names none; empty where they must."""
    usd_per_million_tokens: Mapping[str, Price] = field(default_factory=_no_prices)
    """By model as it is asked for; ``*`` for every other."""

    def price(self, model: str) -> Price | None:
        """Price of a model; None where it is unknown."""
        prices = self.usd_per_million_tokens
        return prices.get(model, prices.get(ANY_MODEL))


def tables(home: Path) -> dict[str, Provider]:
    """Shipped providers by name, and over them those of ``home/providers.toml``; raises LlmError naming the file."""
    shipped = _read(files("agent.llm") / "providers.toml")
    own = _read(home / "providers.toml") if (home / "providers.toml").exists() else {}
    found: dict[str, Provider] = {}
    for name in (*shipped, *(each for each in own if each not in shipped)):
        table = _over(shipped.get(name, {}), own.get(name, {}))
        try:
            found[name] = decode(Provider, table, name)
        except CodecError as error:
            raise LlmError(f"{home / 'providers.toml'}: {error}") from error
    return found


def _over(table: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    prices = {**table.get(PRICES, {}), **other.get(PRICES, {})}
    return {**table, **other, **({PRICES: prices} if prices else {})}


def _read(file: Traversable) -> dict[str, dict[str, Any]]:
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LlmError(f"{file} cannot be read as TOML: {error}") from error
    for name, table in read.items():
        if not isinstance(table, dict) or not isinstance(table.get(PRICES, {}), dict):
            raise LlmError(f"{file}: {name} must be a table like [{name}] with base_url and api_key_env")
    return read
