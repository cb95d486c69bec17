"""What a turn is made with, chosen once a run."""

from dataclasses import dataclass

from agent.llm import Llm
from prompts.fitting import Room
from prompts.library import Library
from sandbox.bench import Bench


@dataclass(frozen=True, slots=True)
class Tools:
    """A model that writes, the words to ask it with, and a judge."""

    llm: Llm
    library: Library
    bench: Bench
    room: Room = Room()
    """For a prompt."""
