"""Where a model is asked: address, key and model, checked before anything is sent."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from agent.llm import LlmError
from agent.llm.provider import Price, Provider

_LONGEST = 300
"""Characters of a server's own words that a message repeats."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model at one address."""

    name: str
    """As ``--llm`` has it."""
    base_url: str
    key: str = field(repr=False)
    """Empty where the server wants none."""
    key_env: str
    model: str
    price: Price | None
    """None where it is unknown."""

    @property
    def host(self) -> str:
        """Host and port, without a password that the address may hold."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    def clean(self, text: str) -> str:
        """Make one line of a server's words, with the key taken out: some servers repeat it."""
        text = text.replace(self.key, "***") if self.key else text
        line = " ".join(text.split())
        return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def address(provider: Provider, base_url: str) -> str:
    """Base URL: the user's option, else the provider's variable, else its table."""
    return base_url or os.environ.get(provider.base_url_env, "") or provider.base_url


def endpoint(name: str, provider: Provider, model: str, base_url: str) -> Endpoint:
    """Put an endpoint together; raises LlmError that names the flag or the variable to set."""
    url = address(provider, base_url)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LlmError(f"--llm {name}: a base URL begins with http:// or https:// and a host, got {url!r}")
    if not model:
        raise LlmError(f"--llm {name} needs --model: its provider has many")
    # Another server that is put in a provider's place has prices of its own.
    price = provider.price(model) if url == provider.base_url or _is_free(provider, model) else None
    return Endpoint(name, url, _key(name, provider), provider.api_key_env, model, price)


def _is_free(provider: Provider, model: str) -> bool:
    price = provider.price(model)
    return price is not None and price.is_free


def _key(name: str, provider: Provider) -> str:
    variable = provider.api_key_env
    key = os.environ.get(variable, "").strip() if variable else ""
    if variable and not key:
        raise LlmError(f"--llm {name} needs a key in the environment variable {variable}, which is not set")
    if not key.isascii() or not key.isprintable():
        raise LlmError(f"the environment variable {variable} holds a character that no key has; set it again")
    return key
