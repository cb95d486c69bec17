"""What runs on a card came to: a row a task, and the geometric means, as Markdown.

    python bench/results.py HOME JUDGED.jsonl > bench/RESULTS.md

HOME is the folder of the runs. JUDGED.jsonl holds the best kernel of each, judged once more with every baseline:
``kernelwright evaluate TASK KERNEL --json >> JUDGED.jsonl``. Times come from there, the story from the journal.
"""

import json
import statistics
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent import archive
from agent.attempt import Attempt
from agent.history import History
from agent.journal import Journal
from prompts.fitting import CHARACTERS_A_TOKEN, estimated
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


def page(results: Iterable[Result]) -> str:
    """The whole file."""
    found = sorted(results, key=lambda each: each.history.task.id)
    places = {
        f"{each.history.environment.gpu}, {each.history.environment.versions}"
        for each in found
        if each.history.environment
    }
    solved = [each for each in found if each.ms]
    lines = [
        "# Results",
        "",
        f"Runs on {'; '.join(sorted(places))}. Milliseconds, medians by the judge's clock with cold caches. The",
        "best kernel of each run was judged once more beside all baselines, and these are the times shown; that of the",
        "first correct one is from the run. Tokens are estimated,",
        f"{CHARACTERS_A_TOKEN} characters each; what a model thought and did not say is not in them.",
        "",
        HEAD,
        *(each.row() for each in found),
        "",
        f"{len(solved)} of {len(found)} tasks solved.",
        *(_mean(solved, name) for name in BaselineName),
    ]
    return "\n".join(lines) + "\n"


def _mean(solved: list[Result], name: BaselineName) -> str:
    ratios = [ratio for each in solved if (ratio := each.over(name))]
    if not ratios:
        return f"No time of {name}."
    faster = sum(ratio > 1 for ratio in ratios)
    mean = statistics.geometric_mean(ratios)
    return f"Geometric mean over {name}: {mean:.2f}× ({faster} of {len(ratios)} tasks faster)."


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _times(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}×"


def read(home: Path, judged: Path) -> list[Result]:
    """Pair each task's latest run with its judgement."""
    told = {each["task"]: each for each in map(json.loads, judged.read_text(encoding="utf-8").splitlines())}
    with Journal(home) as journal:
        latest = {history.task.id: history for history in archive.histories(journal).values()}
    return [Result(history, told.get(task, {})) for task, history in latest.items()]


if __name__ == "__main__":
    print(page(read(Path(sys.argv[1]), Path(sys.argv[2]))), end="")
