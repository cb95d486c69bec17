"""One task's row of the table of results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.attempt import Attempt
from agent.history import History
from prompts.fitting import estimated
from sandbox.evaluation import BaselineName

HEAD = (
    "| task | eager | torch.compile | max-autotune | first correct | best | × eager | × compile | × max-autotune "
    "| floor reached | attempts | correct | tokens in | out | best from |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
)


@dataclass(frozen=True, slots=True)
class Result:
    """One task."""

    history: History
    judged: Mapping[str, Any]
    """As ``evaluate --json`` writes it; empty where nothing was correct."""

    @property
    def ms(self) -> float | None:
        """Median of the best kernel; None where it was not correct when it was judged once more."""
        return self.judged["times"]["median_ms"] if self.judged.get("times") else None

    def baseline_ms(self, name: BaselineName) -> float | None:
        """Median of a baseline; None where it could not be timed."""
        if name is BaselineName.EAGER:
            return self.judged["eager"]["median_ms"] if self.judged.get("eager") else None
        found = (each["median_ms"] for each in self.judged.get("baselines", ()) if each["name"] == name)
        return next(found, None)

    def over(self, name: BaselineName) -> float | None:
        """Time of a baseline over that of the best kernel."""
        baseline = self.baseline_ms(name)
        return baseline / self.ms if baseline and self.ms else None

    @property
    def asked(self) -> list[Attempt]:
        """Attempts that a model was asked for."""
        return [each for each in self.history.attempts if each.prompt and each.reply]

    def row(self) -> str:
        """One line of the table."""
        first, best = (self.history.bests or (None,))[0], self.history.best
        begun = (
            f"{_ms(first.evaluation.timing.median_ms)} (#{first.number})" if first and first.evaluation.timing else "–"
        )
        share = self.judged.get("share_of_floor")
        cells = [
            f"`{self.history.task.id}`",
            *(_ms(self.baseline_ms(name)) for name in BaselineName),
            begun,
            _ms(self.ms),
            *(_times(self.over(name)) for name in BaselineName),
            f"{share:.0%}" if share else "–",
            str(len(self.asked)),
            str(sum(each.evaluation.correct for each in self.asked)),
            f"{sum(estimated(each.prompt.system + each.prompt.user) for each in self.asked if each.prompt):,}",
            f"{sum(estimated(each.reply.text) for each in self.asked if each.reply):,}",
            f"{best.proposal.stage} (#{best.number})" if best else "nothing correct",
        ]
        return f"| {' | '.join(cells)} |"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _times(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}×"
