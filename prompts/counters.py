"""The counters as a stage is shown them: those that it declares, and whether anybody read them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from prompts.scene import Exhibit
from prompts.stage import PromptError, Stage
from sandbox.metrics import CounterSource, NcuMetrics


@dataclass(frozen=True, slots=True)
class ShownCounters:
    """A profile, seen through a stage."""

    stage: Stage
    profile: NcuMetrics | None

    def of(self, exhibit: Exhibit) -> "ShownCounters":
        """Return the counters of another kernel, seen through the same stage."""
        return replace(self, profile=exhibit.profile)

    @property
    def source(self) -> CounterSource | None:
        """Who read them; None where nobody did."""
        return self.profile.source if self.profile else None

    @property
    def json(self) -> str:
        """Kernel → counter → value, rounded to two decimals; ``{}`` where there is none."""
        return json.dumps({kernel: self._of(values) for kernel, values in self._kernels.items()}, indent=2)

    @property
    def missing(self) -> tuple[str, ...]:
        """Declared counters that no kernel has."""
        return tuple(name for name in self.stage.counters if not any(name in each for each in self._kernels.values()))

    def value(self, name: str) -> float | int | None:
        """Return a counter of the slowest kernel; raises PromptError for one that the stage does not declare."""
        if name not in self.stage.counters:
            raise PromptError(f"stage {self.stage.name!r} does not declare the counter {name!r}")
        return self._of(self.profile.slowest).get(name) if self.profile else None

    @property
    def _kernels(self) -> Mapping[str, Mapping[str, float]]:
        return self.profile.kernels if self.profile else {}

    def _of(self, values: Mapping[str, float]) -> dict[str, float | int]:
        return {name: _rounded(values[name]) for name in self.stage.counters if name in values}


def _rounded(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 2)
