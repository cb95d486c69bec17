"""``ablate``: does a change of words or stages help, at an equal number of calls, task by task?"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from agent import ablation_report, archive, json_lines, workshop
from agent.ablation import Arm
from agent.batch import Failed, Result, Waiting
from agent.commands.improve import Gpu, LlmName, Model, Policy, by_id, refusals
from agent.commands.past_arms import past_arms
from agent.config import ConfigError, RunConfig
from agent.halt import Code, Halt
from agent.journal import Journal
from agent.run import begin
from agent.session import Session
from agent.settings import Setting, from_flags
from agent.shell import Shell
from agent.variants import variants
from agent.workshop import Workshop
from sandbox.codec import encode
from sandbox.evaluation import Environment
from tasks import catalog
from tasks.task import Task

_AGAIN = "the same command"


def ablate(  # noqa: PLR0913 (one parameter an option)
    shell: Shell,
    tasks: Annotated[
        list[str], typer.Argument(metavar="TASKS...", help="Tasks, as for batch; with --from, runs or journals.")
    ],
    variant: Annotated[
        list[str] | None,
        typer.Option(metavar="'NAME KEY=VALUE...'", help="Settings to compare with those that stand; once a variant."),
    ] = None,
    calls: Annotated[
        int | None,
        typer.Option(metavar="N", help="Calls a task and variant; else budget.attempts."),
    ] = None,
    past: Annotated[bool, typer.Option("--from", help="Ask nobody: compare runs that were made.")] = False,
    gpu: Gpu = None,
    policy: Policy = None,
    llm: LlmName = None,
    model: Model = None,
) -> None:
    """Compare variants of prompts or stages on the same tasks; the same command goes on where it was stopped.

    Example: kernelwright ablate examples --variant 'short policy.options.passes=1' --calls 10
    """
    flags = from_flags(gpu=gpu, policy=policy, llm=llm, model=model)
    flags += [Setting("budget.attempts", calls, "--calls")] if calls is not None else []
    if past:
        if variant or flags:
            raise ConfigError("--from compares runs as they were made: leave --variant and all settings out")
        raise typer.Exit(_compare_past(shell, tasks))
    if not variant:
        raise ConfigError("nothing to compare: name a --variant, for example 'short policy.options.passes=1'")
    configs = variants(shell.settings(flags), variant)
    found = by_id(task for pattern in tasks for task in catalog.find(pattern))
    with workshop.opened_around_one_judge(configs, shell.home) as shops:
        refused = {id: reason for shop in shops for id, reason in refusals(found.values(), shop.tools.llm).items()}
        working = [task for task in found.values() if task.id not in refused]
        shell.judging(shops[0].tools.bench, configs[0])
        code = _Ablation(shell, Journal(shell.home), configs, shops).of(working, refused)
    raise typer.Exit(code)


@dataclass(frozen=True)
class _Ablation:
    """Variants on their way."""

    shell: Shell
    journal: Journal
    configs: Sequence[RunConfig]
    shops: Sequence[Workshop]

    def of(self, tasks: Sequence[Task], refused: Mapping[str, str]) -> Code:
        """Work on every task under every variant, a task at a time so that its times are of one day, and report."""
        sessions = [Session(self.shell, config, self.journal, again=_AGAIN) for config in self.configs]
        batches = [batch_of(config, shop) for config, shop in zip(self.configs, self.shops, strict=True)]
        begun = {(run.batch, run.task.id, run.task.digest): run.id for run in archive.runs(self.journal)}
        arms: list[dict[str, Result]] = [{} for _ in self.configs]
        for task in tasks:
            for session, batch, config, shop, arm in zip(
                sessions, batches, self.configs, self.shops, arms, strict=True
            ):
                run = begun.get((batch, task.id, task.digest)) or self._begun(task, config, shop, batch)
                self._say(f"{task.id} as {config.variant}")
                arm |= session.work({task.id: run}, batch, shop)
        for session, shop in zip(sessions, self.shops, strict=True):
            session.notices(shop.tools.llm)
        return self._reported(arms, refused)

    def _begun(self, task: Task, config: RunConfig, shop: Workshop, batch: str) -> str:
        place = shop.tools.bench.environment
        return begin(self.journal, task, place, config=json.dumps(encode(config)), batch=batch)

    def _reported(self, arms: Sequence[Mapping[str, Result]], refused: Mapping[str, str]) -> Code:
        results = [result for arm in arms for result in arm.values()]
        waiting = [result.message for result in results if isinstance(result, Waiting)]
        failed = [result.message for result in results if isinstance(result, Failed)]
        if waiting:
            line = f"{len(waiting)} of {len(results)} runs wait for answers, the first: {waiting[0]}"
            raise Halt(Code.WAITING, f"{line}; go on with: {_AGAIN}")
        if failed and len(failed) == len(results):
            raise Halt(Code.WRONG_USE, f"all {len(failed)} runs failed, the first: {failed[0]}; go on with: {_AGAIN}")
        histories = [tuple(archive.histories(self.journal, run)[run] for run in arm) for arm in arms]
        made = [Arm(config.variant, those) for config, those in zip(self.configs, histories, strict=True)]
        faults = [f"{id}: refused: {reason}" for id, reason in refused.items()] + [f"failed: {each}" for each in failed]
        code = _told(self.shell, made, faults)
        return Code.NOTHING_CORRECT if faults else code

    def _say(self, line: str) -> None:
        if not self.shell.json:
            self.shell.progress.print(line, markup=False, soft_wrap=True)


def batch_of(config: RunConfig, shop: Workshop) -> str:
    """Name a variant's batch after all that makes its runs what they are: settings, words and place.

    The same command finds its runs by it, and other words under the same name are another batch.
    """
    place: Environment = shop.tools.bench.environment
    whole = json.dumps([encode(config), shop.tools.library.digest, place.place, place.gpu])
    return f"ablate-{config.variant}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def _compare_past(shell: Shell, words: Sequence[str]) -> Code:
    past = past_arms(shell, words)
    notes = [f"{len(past.unnamed)} runs of no variant left out: {', '.join(past.unnamed)}"] if past.unnamed else []
    if not any(history.attempts for arm in past.arms for history in arm.histories):
        raise ConfigError(f"no attempt was made in {', '.join(words)}, so there is nothing to compare")
    return _told(shell, past.arms, notes)


def _told(shell: Shell, arms: Sequence[Arm], notes: Sequence[str]) -> Code:
    found = ablation_report.ablation(arms)
    if shell.json:
        for record in (*ablation_report.objects(found), *({"event": "note", "message": each} for each in notes)):
            shell.write(json_lines.line(record))
    else:
        ablation_report.printed(shell.results, found)
        for each in notes:
            shell.say(each)
    compared = len(arms) == 1 or any(each.pairs for each in found.contrasts)
    return Code.DONE if compared else Code.NOTHING_CORRECT
