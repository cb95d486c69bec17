"""What an ablation found, for people and for programs: contrasts, pairs, what was left out, each stage's yield."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from agent import words
from agent.ablation import Arm, Contrast, LeftOut, contrasted
from agent.interval import FEWEST_PAIRS
from agent.report import table
from agent.yields import Cost, StageYield, yields
from sandbox.codec import encode
from sandbox.comparison import Outcome
from sandbox.evaluation import Source

_STYLES = {Outcome.FASTER: "green", Outcome.SLOWER: "red", Outcome.TIE: ""}


@dataclass(frozen=True, slots=True)
class Ablation:
    """Arms, compared."""

    baseline: str
    contrasts: tuple[Contrast, ...]
    left_out: tuple[LeftOut, ...]
    yields: tuple[tuple[str, StageYield], ...]
    """With the variant's name."""


def ablation(arms: Sequence[Arm]) -> Ablation:
    """Compare each arm with the first, and fold each into its stages' yields; raises ConfigError as ``contrasted``."""
    compared = [contrasted(arms[0], arm) for arm in arms[1:]]
    return Ablation(
        arms[0].name,
        tuple(each for contrasts, _ in compared for each in contrasts),
        tuple(each for _, left_out in compared for each in left_out),
        tuple((arm.name, each) for arm in arms for each in yields(arm.histories)),
    )


def printed(console: Console, found: Ablation) -> None:
    """Print it, card by card and clock by clock: contrasts, pairs and stages; then the remarks."""
    heads = sorted({(each.source, each.gpu) for each in (*found.contrasts, *(each for _, each in found.yields))})
    for source, gpu in heads:
        contrasts = [each for each in found.contrasts if (each.source, each.gpu) == (source, gpu)]
        stages = [(name, each) for name, each in found.yields if (each.source, each.gpu) == (source, gpu)]
        if contrasts:
            console.print(Text(f"{gpu}, {source}: times of {found.baseline} over those of a variant", style="bold"))
            _print_contrasts(console, contrasts)
            _print_pairs(console, contrasts)
        if stages:
            console.print(Text(f"{gpu}, {source}: what each stage brought", style="bold"))
            _print_yields(console, stages)
    for remark in remarks(found):
        console.print(Text(remark), soft_wrap=not console.is_terminal)


def remarks(found: Ablation) -> list[str]:
    """Say, a line each, what the numbers leave out or rest on."""
    said: list[str] = []
    for each in found.contrasts:
        if 0 < len(each.pairs) < FEWEST_PAIRS:
            said.append(f"{each.variant}: too few pairs for an interval, {len(each.pairs)} of at least {FEWEST_PAIRS}")
        for who, tasks in (
            (f"only {each.variant}", each.only_variant),
            (f"only {found.baseline}", each.only_baseline),
            (f"neither {each.variant} nor {found.baseline}", each.neither),
        ):
            said += [f"{who} solved {', '.join(tasks)}: in no mean"] if tasks else []
        if each.unequal:
            said.append(f"{each.variant}: not as many calls as {found.baseline} on {', '.join(each.unequal)}")
    return said + [f"{each.task} left out of {each.variant}: {each.reason}" for each in found.left_out]


def objects(found: Ablation) -> list[dict[str, Any]]:
    """The same for programs: one object a contrast, a pair, a task left out and a stage of a variant."""
    told: list[dict[str, Any]] = []
    for each in found.contrasts:
        head = {"variant": each.variant, "baseline": found.baseline, "source": each.source, "gpu": each.gpu}
        told.append({"event": "contrast", **head, **_numbers(each)})
        told += [{"event": "pair", **head, "task": pair.task, **encode(pair.comparison)} for pair in each.pairs]
    told += [{"event": "left_out", **encode(each)} for each in found.left_out]
    for variant, each in found.yields:
        means = {"gain": each.gain, "gain_per_1000_tokens": each.gain_per_1000_tokens}
        told.append({"event": "stage", "variant": variant, **encode(each), **means})
    return told


def _numbers(each: Contrast) -> dict[str, Any]:
    low, high = (each.mean.interval if each.mean else None) or (None, None)
    return {
        "pairs": len(each.pairs),
        "ratio": each.mean.ratio if each.mean else None,
        "low": low,
        "high": high,
        "wins": each.counted(Outcome.FASTER),
        "ties": each.counted(Outcome.TIE),
        "losses": each.counted(Outcome.SLOWER),
        "only_variant": each.only_variant,
        "only_baseline": each.only_baseline,
        "neither": each.neither,
        "unequal_calls": each.unequal,
        "cost": encode(each.cost),
        "baseline_cost": encode(each.baseline_cost),
    }


def _print_contrasts(console: Console, contrasts: Sequence[Contrast]) -> None:
    numbers = ("pairs", "wins", "ties", "losses", "only it", "only base")
    made = table("variant", "mean", "95 % interval", *numbers, "calls", "tokens", right=numbers, rest="tokens")
    for each in contrasts:
        mean = each.mean
        ends = [each.counted(outcome) for outcome in (Outcome.FASTER, Outcome.TIE, Outcome.SLOWER)]
        counts = (len(each.pairs), *ends, len(each.only_variant), len(each.only_baseline))
        made.add_row(
            each.variant,
            words.speedup(mean.ratio, each.source) if mean else "none",
            _span(*mean.interval) if mean and mean.interval else "none",
            *(str(count) for count in counts),
            f"{each.cost.calls} to {each.baseline_cost.calls}",
            f"{_tokens(each.cost)} to {_tokens(each.baseline_cost)}",
        )
    console.print(made)


def _print_pairs(console: Console, contrasts: Sequence[Contrast]) -> None:
    made = table("task", "variant", "ratio", "95 % interval", "the variant is", rest="task")
    for each in contrasts:
        for pair in each.pairs:
            found = pair.comparison
            ratio = words.speedup(found.ratio, each.source)
            span = _span(found.low, found.high) if each.source is Source.MEASURED else "no spread"
            outcome = Text("a tie" if found.outcome is Outcome.TIE else str(found.outcome), _STYLES[found.outcome])
            made.add_row(pair.task, each.variant, ratio, span, outcome)
    if made.row_count:
        console.print(made)


def _print_yields(console: Console, found: Sequence[tuple[str, StageYield]]) -> None:
    numbers = ("asked", "no code", "correct", "new best", "last best", "tokens")
    made = table("variant", "stage", *numbers, "gain", "per 1000 tokens", right=numbers, rest="per 1000 tokens")
    for variant, each in found:
        counts = (each.cost.calls, each.without_code, each.correct, each.bests, each.held)
        gain, rate = each.gain, each.gain_per_1000_tokens
        made.add_row(
            variant,
            each.stage,
            *(str(count) for count in counts),
            _tokens(each.cost),
            f"{words.speedup(gain, each.source)} ({len(each.gains)})" if gain else "",
            f"{100 * (rate - 1):+,.2f} %" if rate else "",
        )
    console.print(made)


def _span(low: float, high: float) -> str:
    return f"{low:.2f}x to {high:.2f}x"


def _tokens(cost: Cost) -> str:
    if cost.uncounted and not cost.tokens:
        return "unknown"
    return f"{'over ' if cost.uncounted else ''}{cost.tokens:,}"
