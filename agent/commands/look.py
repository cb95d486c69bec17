"""``leaderboard``, ``show``, ``doctor`` and ``list``: the commands that ask nobody and change nothing."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from agent import archive, doctor, inventory, json_lines, report, story
from agent.attempt import Attempt
from agent.commands.improve import Gpu, chosen, recorded_config
from agent.commands.judge import write_prompt
from agent.config import ConfigError
from agent.halt import Code
from agent.history import History
from agent.kernels import kernel_file
from agent.leaderboard import boards
from agent.llm import recording
from agent.shell import Shell
from sandbox.codec import encode


class Listed(StrEnum):
    """What there are several of."""

    TASKS = "tasks"
    GPUS = "gpus"
    STAGES = "stages"
    POLICIES = "policies"
    LLMS = "llms"
    MENDS = "mends"


def leaderboard(shell: Shell, gpu: Gpu = None) -> None:
    """The best kernel of each task, over all runs; one board a card, measured and modelled apart.

    Example: kernelwright leaderboard
    """
    made = [board for board in boards(archive.histories(shell.journal())) if gpu in (None, board.gpu)]
    if not made:
        raise ConfigError(f"no board for {gpu!r}" if gpu else "no attempt was made yet, so there is no board")
    for board in made:
        if not shell.json:
            report.board(shell.results, board)
            continue
        for rank, row in enumerate(board.rows, 1):
            shell.write(json_lines.line(json_lines.row(board, rank, row)))


def show(
    shell: Shell,
    run: Annotated[
        str | None, typer.Argument(metavar="RUN", help="A run or batch, or a piece of its id; else the latest.")
    ] = None,
    attempt: Annotated[
        int | None, typer.Option(metavar="N", help="Prompt, reply and judgement of one attempt.")
    ] = None,
    reworded: Annotated[
        bool, typer.Option("--reworded", help="Its prompt alone, in the words that the templates have now.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep the replies there, for --llm recorded to replay.")
    ] = None,
) -> None:
    """The whole story of a run.

    Example: kernelwright show --attempt 2
    """
    _check_together(attempt, record, reworded=reworded)
    journal = shell.journal()
    if record is not None:
        _record(shell, [past.id for past in chosen(journal, run)], record)
        return
    past = chosen(journal, run)
    found = {each.id: archive.histories(journal, each.id)[each.id] for each in past}
    if attempt is not None:
        history = _with_attempt(found, attempt)
        if reworded:
            _reword(shell, past[0], history, attempt)
        else:
            _show_attempt(shell, history.attempts[attempt])
        return
    for run_id, history in found.items():
        file = kernel_file(journal.home, run_id, history)
        kernel = file if file.exists() else None
        if shell.json:
            for part in json_lines.story(run_id, history, str(kernel) if kernel else None):
                shell.write(json_lines.line(part))
        else:
            story.of_run(shell.results, run_id, history, kernel)


def diagnose(shell: Shell) -> None:
    """What this machine can and cannot do, and why.

    Example: kernelwright doctor
    """
    findings = doctor.findings(shell.home, shell.settings())
    if shell.json:
        for finding in findings:
            shell.write(json_lines.line(encode(finding)))
    else:
        report.findings(shell.results, findings)
    raise typer.Exit(Code.DONE if doctor.works(findings) else Code.WRONG_USE)


def names(shell: Shell, what: Annotated[Listed, typer.Argument(help="Which of them.")]) -> None:
    """Tasks, GPUs, stages, policies or models that can be named, and what is mended unasked.

    Example: kernelwright list tasks
    """
    columns, rows = inventory.of(what.value, shell.home, shell.settings().config)
    if shell.json:
        for row in rows:
            shell.write(json_lines.line(dict(zip(columns, row, strict=True))))
    else:
        report.listing(shell.results, columns, rows)


def _check_together(attempt: int | None, record: Path | None, *, reworded: bool) -> None:
    """Refuse options that would not be heeded; raises ConfigError."""
    if record is not None and (attempt is not None or reworded):
        raise ConfigError("--record keeps the replies of whole runs: leave --attempt and --reworded out")
    if reworded and attempt is None:
        raise ConfigError("--reworded wants --attempt N: which prompt?")


def _record(shell: Shell, runs: list[str], folder: Path) -> None:
    journal = shell.journal()
    for run in runs:
        if kept := archive.replies(journal, run):
            file = folder / recording.file_name(kept[0][0].task)
            recording.save(file, kept)
            shell.write(f"{file}: {len(kept)} replies")


def _reword(shell: Shell, run: archive.PastRun, history: History, number: int) -> None:
    from agent.rewording import reworded  # it imports torch

    words = reworded(history, number, shell.settings_of(run.id, recorded_config(run)).config)
    write_prompt(shell, history.attempts[number].proposal.stage, history.task, words)


def _with_attempt(found: dict[str, History], number: int) -> History:
    if len(found) > 1:
        raise ConfigError(f"--attempt wants one run, and there are {len(found)}: {', '.join(found)}")
    ((run, history),) = found.items()
    if not 0 <= number < len(history.attempts):
        made = f"0 to {len(history.attempts) - 1}" if history.attempts else "none"
        raise ConfigError(f"run {run} has no attempt {number}; there are {made}")
    return history


def _show_attempt(shell: Shell, attempt: Attempt) -> None:
    if shell.json:
        shell.write(json_lines.line(encode(attempt)))
    else:
        story.of_attempt(shell.results, attempt)
