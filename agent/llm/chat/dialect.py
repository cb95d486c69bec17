"""What an endpoint calls the parameters of a request: learnt from its refusals, kept as long as the client lives."""

import re
from collections.abc import Iterable, Mapping

_AFTER = {
    "max_completion_tokens": "max_tokens",
    "max_tokens": "",
    "temperature": "",
    "seed": "",
    "reasoning_effort": "",
    "stream_options": "",
}
"""What is sent in a refused parameter's place; nothing where that is empty."""


class Dialect:
    """Begins with OpenAI's own names."""

    def __init__(self) -> None:
        self._refused: set[str] = set()

    @property
    def notices(self) -> list[str]:
        """Say which parameters are left out now."""
        return [f"the endpoint refuses {name}: it is left out" for name in sorted(self._refused) if not _AFTER[name]]

    def speak(self, wanted: Mapping[str, object]) -> dict[str, object]:
        """Rename or drop what was refused before; a value of None is dropped too."""
        spoken: dict[str, object] = {}
        for name, value in wanted.items():
            while name in self._refused:
                name = _AFTER[name]
            if name and value is not None:
                spoken[name] = value
        return spoken

    def learn(self, said: str, sent: Iterable[str]) -> bool:
        """Look in a refusal for the name of a parameter that was sent; say whether asking otherwise makes sense."""
        for name in sent:
            if name in _AFTER and re.search(rf"\b{name}\b", said):
                self._refused.add(name)
                return True
        return False
