"""What ``--variant`` says: named settings, each laid over one configuration, so that all else is the same."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import replace

from agent.config import ConfigError, RunConfig
from agent.settings import Settings, from_assignments, settled

BASELINE = "baseline"
"""The configuration as it is, without any variant's settings."""
_OWN = ("policy", "llm", "templates", "without", "prompt_tokens")
"""What a variant may set: who is asked, in which words, and what next. Where it is judged and how long are the same."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def variants(base: Settings, given: Sequence[str]) -> list[RunConfig]:
    """Give the baseline and each variant, ``NAME key=value...``, as a configuration that bears its name.

    Raises ConfigError for a name that is taken, an unknown key (with the nearest), and one that all variants share.
    """
    found = [replace(base.config, variant=BASELINE)]
    for words in given:
        variant = _variant(base, words)
        if variant.variant in [each.variant for each in found]:
            raise ConfigError(f"two variants are called {variant.variant!r}; each needs a name of its own")
        found.append(variant)
    return found


def _variant(base: Settings, words: str) -> RunConfig:
    try:
        name, *assignments = shlex.split(words) or [""]
    except ValueError as error:
        raise ConfigError(f"--variant {words!r}: {str(error).lower()}") from error
    if not _NAME.fullmatch(name):
        example = "for example 'short policy.options.passes=1'"
        raise ConfigError(f"--variant takes a name and then KEY=VALUE..., {example}, got {words!r}")
    origin = f"--variant {name}"
    own = from_assignments(assignments, origin)
    config = settled(base.chosen.values(), own).config
    if shared := [each.key for each in own if each.key.split(".")[0] not in _OWN]:
        raise ConfigError(f"{origin}: {shared[0]!r} is the same for all; a variant may set {', '.join(_OWN)}")
    return replace(config, variant=name)
