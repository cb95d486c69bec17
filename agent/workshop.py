"""Everything that a run is made with, built once from its configuration: model, words, judge and policy."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.config import RunConfig
from agent.llm.recorded import Recorded
from agent.plugins import policy_named
from agent.policies import Policy
from agent.tools import Tools
from prompts.library import Library
from prompts.stage import Stage
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
    with opened_around_one_judge([config], home) as (shop,):
        yield shop


@contextmanager
def opened_around_one_judge(configs: Sequence[RunConfig], home: Path) -> Generator[list[Workshop]]:
    """Build one for each configuration; they judge alike, as the first says. Raises as ``opened``."""
    from agent.llm.providers import llm_named
    from agent.llm.tokens import room_of

    libraries = [library_of(each) for each in configs]
    stages = [_stages_of(each, library) for each, library in zip(configs, libraries, strict=True)]
    policies = [_policy_of(each, some) for each, some in zip(configs, stages, strict=True)]
    with judging(configs[0]) as bench:
        place = bench.environment.place
        llms = [llm_named(each.llm.name, each.llm.model, home, place, each.llm.options) for each in configs]
        policies = [
            _policy_of(each, llm.answered(some)) if isinstance(llm, Recorded) else policy
            for each, llm, some, policy in zip(configs, llms, stages, policies, strict=True)
        ]
        rooms = [room_of(each.llm.model, each.prompt_tokens) for each in configs]
        yield [
            Workshop(Tools(llm, library, bench, room), policy)
            for llm, library, room, policy in zip(llms, libraries, rooms, policies, strict=True)
        ]


def _stages_of(config: RunConfig, library: Library) -> list[Stage]:
    left_out = [library[name] for name in config.without]
    return [stage for stage in library.stages.values() if stage not in left_out]


def _policy_of(config: RunConfig, stages: Sequence[Stage]) -> Policy:
    return policy_named(config.policy.name, stages, config.policy.options)


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
