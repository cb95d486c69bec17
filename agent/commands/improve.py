"""``optimize``, ``batch`` and ``resume``: the commands that ask a model for kernels."""

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated

import typer

from agent import archive, workshop
from agent.batch import Finished
from agent.config import ConfigError, RunConfig
from agent.halt import Code, told
from agent.journal import Journal, JournalError
from agent.llm import Llm, LlmError
from agent.run import begin, new_id
from agent.session import Session
from agent.settings import from_flags
from agent.shell import Shell
from sandbox.codec import CodecError, decode, encode
from sandbox.evaluation import Candidate
from tasks import catalog
from tasks.contract import check
from tasks.task import Task, TaskError

Gpu = Annotated[str | None, typer.Option(metavar="ID", help="Card to write for; see: list gpus.")]
Policy = Annotated[str | None, typer.Option(metavar="NAME", help="How to search; see: list policies.")]
LlmName = Annotated[str | None, typer.Option(metavar="NAME", help="Who writes the kernels; see: list llms.")]
Model = Annotated[str | None, typer.Option(metavar="NAME", help="A model of that provider.")]


def optimize(  # noqa: PLR0913 (one parameter an option)
    shell: Shell,
    task: Annotated[str, typer.Argument(metavar="TASK", help="An id, its last part, or a .py file.")],
    start: Annotated[Path | None, typer.Option("--from", metavar="KERNEL.PY", help="A kernel to start from.")] = None,
    gpu: Gpu = None,
    policy: Policy = None,
    llm: LlmName = None,
    model: Model = None,
) -> None:
    """Make one task faster.

    Example: kernelwright optimize conv2d_min_add_scale
    """
    config = shell.settings(from_flags(gpu=gpu, policy=policy, llm=llm, model=model)).config
    found = catalog.find_one(task)
    given = read_candidate(start) if start else None
    with workshop.opened(config, shell.home) as shop:
        shop.tools.llm.check(found.id)
        journal = Journal(shell.home)
        shell.judging(shop.tools.bench, config)
        record = json.dumps(encode(config))
        run = begin(journal, found, shop.tools.bench.environment, config=record, given=given)
        code = Session(shell, config, journal).one(run, shop)
    raise typer.Exit(code)


def batch(
    shell: Shell,
    tasks: Annotated[list[str], typer.Argument(metavar="SET|GLOB|DIR...", help="Tasks, by what they have in common.")],
    gpu: Gpu = None,
    policy: Policy = None,
    llm: LlmName = None,
    model: Model = None,
) -> None:
    """Make many tasks faster, one after another; one that fails stops no other.

    Example: kernelwright batch 'examples/*norm*' --llm openai --model gpt-5
    """
    config = shell.settings(from_flags(gpu=gpu, policy=policy, llm=llm, model=model)).config
    found = by_id(task for pattern in tasks for task in catalog.find(pattern))
    with workshop.opened(config, shell.home) as shop:
        refused = refusals(found.values(), shop.tools.llm)
        journal = Journal(shell.home)
        shell.judging(shop.tools.bench, config)
        record, name = json.dumps(encode(config)), new_id("batch")
        place = shop.tools.bench.environment
        runs = {
            id: begin(journal, task, place, config=record, batch=name)
            for id, task in found.items()
            if id not in refused
        }
        code = Session(shell, config, journal).many(runs, name, shop, refused)
    raise typer.Exit(code)


def resume(
    shell: Shell,
    run: Annotated[
        str | None, typer.Argument(metavar="RUN", help="A run or batch, or a piece of its id; else the latest.")
    ] = None,
) -> None:
    """Go on with a run that was stopped, or repeat the end of one that was not.

    Example: kernelwright resume
    """
    journal = shell.journal()
    runs = chosen(journal, run)
    config = shell.settings_of(runs[0].id, recorded_config(runs[0])).config
    session, group = Session(shell, config, journal), runs[0].batch
    if all(each.ended is not None for each in runs):
        raise typer.Exit(_repeat(session, journal, runs))
    with workshop.opened(config, shell.home) as shop:
        shell.judging(shop.tools.bench, config)
        if group:
            code = session.many({each.task.id: each.id for each in runs}, group, shop, {})
        else:
            code = session.one(runs[0].id, shop)
    raise typer.Exit(code)


def read_candidate(file: Path) -> Candidate:
    """Read a kernel that the user brought; raises ConfigError."""
    try:
        source = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(told(error)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8: {told(error)}") from error
    if not source.strip():
        raise ConfigError(f"{file}: is empty, and a kernel was expected")
    return Candidate(source)


def refusals(tasks: Collection[Task], llm: Llm) -> dict[str, str]:
    """Say why a task cannot even begin, by its id; raises the first reason where none of them can."""
    refused: dict[str, str] = {}
    for task in tasks:
        try:
            check(task.source, task.id)
            llm.check(task.id)
        except (TaskError, LlmError) as error:
            refused[task.id] = told(error)
            if len(refused) == len(tasks):
                raise
    return refused


def chosen(journal: Journal, run: str | None) -> list[archive.PastRun]:
    """The run or batch that is named, else the latest that did not end, else the latest; raises JournalError."""
    if run:
        return archive.named(journal, run)
    runs = archive.runs(journal)
    if not runs:
        raise ConfigError("no run yet; start one with: kernelwright optimize TASK")
    latest = next((each for each in reversed(runs) if each.ended is None), runs[-1])
    return [each for each in runs if each.batch == latest.batch] if latest.batch else [latest]


def recorded_config(run: archive.PastRun) -> RunConfig:
    """What a run was started with; raises JournalError where this version cannot read it."""
    try:
        return decode(RunConfig, json.loads(run.config))
    except (ValueError, CodecError) as error:
        raise JournalError(f"run {run.id} has settings that this version does not know: {error}") from error


def by_id(tasks: Iterable[Task]) -> dict[str, Task]:
    """Give each task once; raises TaskError where two differ and are called alike."""
    found: dict[str, Task] = {}
    for task in tasks:
        if found.setdefault(task.id, task).digest != task.digest:
            raise TaskError(f"two tasks are called {task.id}; work on their folders in two batches")
    return found


def _repeat(session: Session, journal: Journal, runs: list[archive.PastRun]) -> Code:
    found = {run.id: archive.histories(journal, run.id)[run.id] for run in runs}
    if len(found) == 1 and not runs[0].batch:
        return session.ended(runs[0].id, found[runs[0].id])
    return session.batch_ended({run: Finished(run, history) for run, history in found.items()}, runs[0].batch, {})
