"""Makes a prompt fit: what was tried goes first, then the worked example; code, reference and rules stay."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

from prompts.library import Library, Prompt, Size
from prompts.scene import Scene
from prompts.stage import PromptError, Stage

CHARACTERS_A_TOKEN = 3
"""Where no tokenizer is known. OpenAI's rule of thumb for English is 4; code takes more tokens, and a prompt too
long costs an answer, so this errs to the long side."""


def estimated(text: str) -> int:
    """Estimate tokens from characters, on the long side."""
    return ceil(len(text) / CHARACTERS_A_TOKEN)


@dataclass(frozen=True, slots=True)
class Room:
    """How long a prompt may be, and who counts."""

    most: int | None = None
    """Tokens of system and user words together; None for no limit."""
    count: Callable[[str], int] = estimated
    by: str = f"{CHARACTERS_A_TOKEN} characters a token"
    """Who counts, in words."""


def fitted(library: Library, stage: Stage, scene: Scene, room: Room) -> Prompt:
    """Render as much of a scene as there is room for; raises PromptError where not even the rest fits."""
    tokens = 0
    for leaner, left_out in _leaner(scene):
        prompt = library.render(stage, leaner)
        tokens = room.count(prompt.system) + room.count(prompt.user)
        if room.most is None or tokens <= room.most:
            return replace(prompt, size=Size(tokens, room.by), left_out=left_out)
    raise PromptError(
        f"stage {stage.name!r}: {tokens} tokens ({room.by}) are left of the prompt without its past and its example, "
        f"and prompt_tokens allows {room.most}"
    )


def _leaner(scene: Scene) -> Iterator[tuple[Scene, tuple[str, ...]]]:
    """Give the scene, then ever less of it, each with words for what is left out."""
    tried = len(scene.past)
    for dropped in range(tried + 1):
        said = (f"{dropped} of {tried} earlier attempts",) if dropped else ()
        yield replace(scene, past=scene.past[dropped:]), said
    without = (f"{tried} of {tried} earlier attempts",) if tried else ()
    yield replace(scene, past=(), example=False), (*without, "the worked example")
