"""Everything that a run is made with, built once from its configuration: model, words, judge and policy."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.config import Choice, RunConfig
from agent.llm.recorded import Recorded
from agent.plugins import policy_named
from agent.policies import Policy
from agent.tools import Tools
from prompts.library import Library
from prompts.stage import Stage
from sandbox.bench import Bench


@dataclass(frozen=True, slots=True)
class Workshop:
    """Tools, and the policies that fit them."""

    tools: Tools
    choice: Choice
    """Which policy, with its options."""
    stages: Sequence[Stage]
    """Those that it may ask."""

    def policy_for(self, task_id: str) -> Policy:
        """Build the policy of a run; raises LlmError where replies are replayed and the task's cannot be."""
        llm = self.tools.llm
        stages = llm.answered(self.stages, task_id) if isinstance(llm, Recorded) else self.stages
        return policy_named(self.choice.name, stages, self.choice.options)


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
    for each, some in zip(configs, stages, strict=True):
        policy_named(each.policy.name, some, each.policy.options)  # what is wrong with it is said before a judge starts
    with judging(configs[0]) as bench:
        place = bench.environment.place
        llms = [llm_named(each.llm.name, each.llm.model, home, place, each.llm.options) for each in configs]
        rooms = [room_of(each.llm.model, each.prompt_tokens) for each in configs]
        yield [
            Workshop(Tools(llm, library, bench, room), each.policy, some)
            for each, llm, library, room, some in zip(configs, llms, libraries, rooms, stages, strict=True)
        ]


def _stages_of(config: RunConfig, library: Library) -> list[Stage]:
    left_out = [library[name] for name in config.without]
    return [stage for stage in library.stages.values() if stage not in left_out]


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
