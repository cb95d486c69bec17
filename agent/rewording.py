"""The prompt of a past attempt, as today's words put it: what a change of templates does to a real situation."""

from dataclasses import replace

from agent.config import ConfigError, RunConfig
from agent.groundwork import grounded
from agent.history import History
from agent.llm.tokens import room_of
from agent.turn import set_scene
from agent.workshop import library_of
from prompts.fitting import fitted
from prompts.library import Prompt
from sandbox.evaluation import Environment
from sandbox.gpu import GpuSpec, gpu_named, gpu_of_device


def reworded(history: History, number: int, config: RunConfig) -> Prompt:
    """Render it anew from what was known then; raises ConfigError where nobody was asked, and PromptError."""
    attempt, place = history.attempts[number], history.environment
    if attempt.move is None or place is None:
        raise ConfigError(f"attempt {number} was brought by the user: nobody was asked for it")
    library = library_of(config)
    before = replace(history, attempts=history.attempts[:number])
    scene = grounded(set_scene(attempt.proposal, before, _card(config, place), place))
    room = room_of(config.llm.model, config.prompt_tokens)
    return fitted(library, library[attempt.proposal.stage], scene, room)


def _card(config: RunConfig, place: Environment) -> GpuSpec:
    """The card that the run wrote for."""
    return gpu_named(config.gpu) if config.gpu else gpu_of_device(place.gpu) or gpu_named(place.gpu)
