"""Everything that a run is made with, built once from its configuration: model, words, judge and policy."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.config import RunConfig
from agent.llm.recorded import Recorded
from agent.plugins import policy_named
from agent.policies import Policy
from agent.tools import Tools
from prompts.library import Library
from sandbox.bench import Bench


@dataclass(frozen=True, slots=True)
class Workshop:
    """Tools and a policy that fit together."""

    tools: Tools
    policy: Policy


@contextmanager
def opened(config: RunConfig, home: Path) -> Generator[Workshop]:
    """Build it, and stop every process that it started at the end of the block.

    Raises PromptError, PluginError, SandboxError and LlmError for what the configuration names and there is not.
    """
    from agent.llm.providers import llm_named

    library = library_of(config)
    policy = policy_named(config.policy.name, list(library.stages.values()), config.policy.options)
    with judging(config) as bench:
        llm = llm_named(config.llm.name, config.llm.model, home, bench.environment.place, config.llm.options)
        if isinstance(llm, Recorded):
            policy = policy_named(config.policy.name, llm.answered(library.stages.values()), config.policy.options)
        yield Workshop(Tools(llm, library, bench), policy)


@contextmanager
def judging(config: RunConfig) -> Generator[Bench]:
    """Open the judge alone, and stop it at the end of the block; raises SandboxError."""
    bench = open_judge(config)
    try:
        yield bench
    finally:
        bench.close()


def open_judge(config: RunConfig) -> Bench:
    """Choose the place and the card; raises SandboxError where they are not to be had."""
    from sandbox.trial import open_bench

    return open_bench(config.gpu, config.measure, place=config.place.value, all_cards=config.all_cards)


def library_of(config: RunConfig) -> Library:
    """The shipped stages and the user's own; raises PromptError."""
    return Library(*([Path(config.templates)] if config.templates else []))
