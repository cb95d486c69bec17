"""How many tokens a model makes of a text, where its tokenizer is at hand."""

from collections.abc import Callable

from prompts.fitting import Room


def room_of(model: str, most: int | None) -> Room:
    """Count as ``model`` does where tiktoken is installed and knows it, else by the number of characters."""
    found = _tokenizer(model)
    return Room(most, *found) if found else Room(most)


def _tokenizer(model: str) -> tuple[Callable[[str], int], str] | None:
    try:
        import tiktoken
    except ModuleNotFoundError:
        return None
    try:
        encoding = tiktoken.encoding_for_model(model)
    except KeyError:  # a model of somebody else's
        return None
    except (OSError, ValueError):  # its table is fetched once, and there is no network, or it came damaged
        return None
    return lambda text: len(encoding.encode(text, disallowed_special=())), f"tiktoken, {encoding.name}"
