"""The task's own ``Model`` under ``torch.compile``, timed as a candidate is: a baseline harder to beat than eager."""

from collections.abc import Callable, Mapping, Sequence

from sandbox.evaluation import Baseline, BaselineName, Timing
from sandbox.ruling import Ruling

MODES: Mapping[BaselineName, str] = {BaselineName.COMPILE: "default", BaselineName.MAX_AUTOTUNE: "max-autotune"}
"""What ``torch.compile`` calls each."""
WARM_UPS = 5
"""Calls that are not timed: the first compiles, and a CUDA graph is recorded in one of the next."""


class Compiled:
    """One task's compiled baselines in one sitting: each is tried once, when it is first asked for."""

    def __init__(self, source: str, time: Callable[[str], Timing]) -> None:
        """``source`` is the reference's text, and ``time`` checks and times a candidate's or raises Ruling."""
        self._source, self._time = source, time
        self._tried: dict[BaselineName, Timing | str] = {}

    def timed(self, names: Sequence[BaselineName]) -> tuple[tuple[Baseline, ...], tuple[str, ...]]:
        """Give those that can be timed, and a note for each that can not."""
        tried = [(name, self._of(name)) for name in names]
        notes = tuple(f"no {name} baseline: {each}" for name, each in tried if isinstance(each, str))
        return tuple(Baseline(name, each) for name, each in tried if isinstance(each, Timing)), notes

    def _of(self, name: BaselineName) -> Timing | str:
        if name not in self._tried:
            try:
                self._tried[name] = self._time(compiled_source(self._source, name))
            except Ruling as ruling:
                self._tried[name] = f"{ruling.verdict}: {' '.join(ruling.message.split())[-300:]}"
        return self._tried[name]


def compiled_source(reference: str, name: BaselineName) -> str:
    """Give a ModelNew that is the reference, compiled at its first call; its weights keep their names.

    Helper processes of the compiler's would run beside timed runs and be stopped with them, so it gets none.
    """
    return (
        f"{reference}\n\n"
        "import os\n"
        "import torch\n"
        "import torch._inductor.config\n\n"
        'os.environ["TORCHINDUCTOR_CACHE_DIR"] = os.path.join(os.getcwd(), "inductor")\n'
        "torch._inductor.config.compile_threads = 1\n\n\n"
        "class ModelNew(Model):\n"
        "    def __init__(self, *arguments):\n"
        "        super().__init__(*arguments)\n"
        f"        self.compile(mode={MODES[name]!r})\n"
    )
