"""Variants out of runs that were made: of whole journals, or of runs and batches by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent import archive
from agent.ablation import Arm
from agent.archive import PastRun
from agent.commands.improve import recorded_config
from agent.history import History
from agent.journal import Journal
from agent.past_journal import PastJournal
from agent.shell import Shell
from agent.variants import BASELINE


@dataclass(frozen=True, slots=True)
class PastArms:
    """Variants that were run, the baseline first."""

    arms: tuple[Arm, ...]
    unnamed: tuple[str, ...]
    """Runs of no variant, in a journal that holds variants: they are left out."""


def past_arms(shell: Shell, words: Sequence[str]) -> PastArms:
    """Read journals (a file or a home) and runs or batches of this home; raises JournalError or ConfigError.

    A run that was made as a variant belongs to that variant; the others of one word are one variant, called as the
    word. The first is the baseline, unless one bears that name.
    """
    arms: dict[str, list[History]] = {}
    unnamed: list[str] = []
    for word in words:
        whole = Path(word).exists() or word.endswith(".db") or "/" in word
        with PastJournal(Path(word)) if whole else shell.journal() as journal:
            runs = archive.runs(journal) if whole else archive.named(journal, word)
            names = {run.id: recorded_config(run).variant for run in runs}
            if whole and any(names.values()):
                unnamed += [run for run, name in names.items() if not name]
                runs = [run for run in runs if names[run.id]]
            for run, history in _histories(journal, runs).items():
                arms.setdefault(names[run] or word, []).append(history)
    made = [Arm(name, tuple(histories)) for name, histories in arms.items()]
    return PastArms(tuple(sorted(made, key=lambda arm: arm.name != BASELINE)), tuple(unnamed))


def _histories(journal: Journal, runs: Sequence[PastRun]) -> dict[str, History]:
    return {run.id: archive.histories(journal, run.id)[run.id] for run in runs}
