"""``evaluate`` and ``prompt``: one kernel judged, one question shown, and no model asked."""

import json
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from agent import json_lines, report, workshop
from agent.commands.improve import Gpu, read_candidate
from agent.config import ConfigError, RunConfig
from agent.halt import Code, told
from agent.llm.tokens import room_of
from agent.settings import Setting, Settings, from_flags
from agent.shell import Shell
from prompts.fitting import fitted
from prompts.library import Prompt
from prompts.plan import Plan, PlanError, read_plan
from prompts.scene import Exhibit, Scene
from prompts.stage import Stage, StageKind
from sandbox.codec import CodecError, decode, encode
from sandbox.counters import as_usual
from sandbox.devices import choose
from sandbox.evaluation import BaselineName
from sandbox.metrics import NcuMetrics
from tasks import catalog
from tasks.task import Task


def evaluate(
    shell: Shell,
    task: Annotated[str, typer.Argument(metavar="TASK", help="An id, its last part, or a .py file.")],
    kernel: Annotated[Path, typer.Argument(metavar="KERNEL.PY", help="A file that defines ModelNew.")],
    gpu: Gpu = None,
    baselines: Annotated[
        str | None, typer.Option(metavar="NAMES", help="Some of eager,compile,compile-max-autotune; else all.")
    ] = None,
) -> None:
    """Judge one kernel: is it right, how fast beside which baselines, and what kind of program is it?

    Example: kernelwright evaluate softmax mine.py
    """
    config = thorough(shell.settings([*from_flags(gpu=gpu), *_named(baselines)]))
    found, candidate = catalog.find_one(task), read_candidate(kernel)
    with workshop.judging(config) as bench:
        shell.judging(bench, config)
        with shell.busy("judging"):
            judged = bench.evaluate(found, candidate)
    if shell.json:
        shell.write(json_lines.line({"task": found.id, **json_lines.evaluation(judged, candidate.digest)}))
    else:
        report.judgement(shell.results, judged)
    raise typer.Exit(Code.DONE if judged.correct else Code.NOTHING_CORRECT)


def thorough(settings: Settings) -> RunConfig:
    """Look for labels and time every baseline, unless the user has said otherwise."""
    measure, chosen = settings.config.measure, settings.chosen
    if "measure.labels" not in chosen:
        measure = replace(measure, labels=True)
    if "measure.baselines" not in chosen:
        measure = replace(measure, baselines=tuple(BaselineName))
    return replace(settings.config, measure=measure)


def _named(baselines: str | None) -> list[Setting]:
    if baselines is None:
        return []
    names = [each.strip() for each in baselines.split(",")] if baselines.strip() else []
    return [Setting("measure.baselines", names, "--baselines")]


def prompt(  # noqa: PLR0913 (one parameter an option)
    shell: Shell,
    task: Annotated[str, typer.Argument(metavar="TASK", help="An id, its last part, or a .py file.")],
    stage: Annotated[str, typer.Option(metavar="NAME", help="Which question; see: list stages.")],
    kernel: Annotated[
        list[Path] | None, typer.Option(metavar="KERNEL.PY", help="The kernel to start from; twice to combine two.")
    ] = None,
    plan: Annotated[Path | None, typer.Option(metavar="PLAN.JSON", help="The plan that a rewrite carries out.")] = None,
    counters: Annotated[
        Path | None, typer.Option(metavar="FILE.JSON", help="Counters of the first: {kernel: {counter: value}}.")
    ] = None,
    gpu: Gpu = None,
) -> None:
    """Print what would be sent to a model.

    Example: kernelwright prompt softmax --stage memory --kernel mine.py
    """
    from agent.groundwork import grounded  # it imports torch

    config = shell.settings(from_flags(gpu=gpu)).config
    found, library = catalog.find_one(task), workshop.library_of(config)
    asked = library[stage]
    _check_start(asked, kernel or [], counters, plan)
    scene = Scene(
        task=found,
        gpu=choose(config.gpu, config.place.value).gpu,
        triton_version=_triton_version(),
        parents=_parents(stage, kernel or [], counters),
        plan=_read_plan(plan) if plan else None,
    )
    words = fitted(library, asked, grounded(scene), room_of(config.llm.model, config.prompt_tokens))
    write_prompt(shell, stage, found, words)


def write_prompt(shell: Shell, stage: str, task: Task, words: Prompt) -> None:
    """Print a prompt, whole."""
    if shell.json:
        shell.write(json_lines.line({"stage": stage, "task": task.id, **encode(words)}))
    else:
        shell.write(f"===== SYSTEM =====\n\n{words.system}\n\n===== USER =====\n\n{words.user}")


def _check_start(stage: Stage, kernels: list[Path], counters: Path | None, plan: Path | None) -> None:
    """Refuse what the stage would not show, and what it lacks; raises ConfigError."""
    wanted = {StageKind.SEED: 0, StageKind.COMBINE: 2}.get(stage.kind, 1)
    if len(kernels) != wanted:
        start = ("no kernel", "one kernel", "two kernels")[wanted]
        raise ConfigError(f"stage {stage.name!r} starts from {start}, and --kernel names {len(kernels)}")
    if counters and not kernels:
        raise ConfigError(f"stage {stage.name!r} starts from no kernel: leave --counters out")
    if plan and stage.kind is not StageKind.REWRITE:
        raise ConfigError(f"stage {stage.name!r} carries out no plan: leave --plan out")
    if not plan and stage.kind is StageKind.REWRITE:
        raise ConfigError(f"stage {stage.name!r} carries out a plan: name one with --plan")


def _parents(stage: str, kernels: list[Path], counters: Path | None) -> tuple[Exhibit, ...]:
    profile = _read_counters(counters) if counters else None
    shown = [Exhibit(number, stage, read_candidate(file)) for number, file in enumerate(kernels)]
    return tuple(replace(each, profile=None if each.number else profile) for each in shown)


def _read_plan(file: Path) -> Plan:
    """Read a plan as a model answers it; raises ConfigError."""
    try:
        return read_plan(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, PlanError) as error:
        raise ConfigError(f"{file}: {told(error)}") from error


def _read_counters(file: Path) -> NcuMetrics:
    """Read what the program itself writes of counters, or the bare table of kernels; raises ConfigError.

    Names of other chips and versions are put under those that stages use.
    """
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        whole = read if isinstance(read, dict) and "kernels" in read else {"kernels": read, "source": "ncu"}
        metrics = decode(NcuMetrics, whole, "counters")
    except (OSError, ValueError, CodecError) as error:
        raise ConfigError(f"{file}: {told(error)}") from error
    return replace(metrics, kernels={name: as_usual(values) for name, values in metrics.kernels.items()})


def _triton_version() -> str:
    try:
        return metadata.version("triton")
    except metadata.PackageNotFoundError as error:
        raise ConfigError("triton is not installed, so the prompt cannot name its version; see: doctor") from error
