"""``lint``: is there something to compute, and can a right answer be told from a wrong one?"""

from dataclasses import dataclass
from typing import Annotated

import typer

from agent import json_lines, workshop
from agent.commands.improve import Gpu, by_id
from agent.halt import Code, told
from agent.settings import from_flags
from agent.shell import Shell
from sandbox.bench import Bench
from sandbox.evaluation import SandboxError
from tasks import catalog
from tasks.flaw import Finding
from tasks.task import Task


@dataclass(frozen=True, slots=True)
class _Examined:
    """What is known of one task."""

    task: Task
    findings: tuple[Finding, ...] = ()
    fault: str = ""
    """Why it could not be examined; empty where it was."""

    def counted(self) -> list[Finding]:
        """Those that the task's set does not name with a reason."""
        return [each for each in self.findings if each.flaw not in self.task.flaws]


def lint(
    shell: Shell,
    tasks: Annotated[list[str], typer.Argument(metavar="SET|GLOB|DIR|TASK...", help="Tasks, as for batch.")],
    gpu: Gpu = None,
) -> None:
    """Examine tasks before any model sees them: what is wrong with the reference itself?

    Example: kernelwright lint examples
    """
    config = shell.settings(from_flags(gpu=gpu)).config
    chosen = by_id(task for pattern in tasks for task in catalog.find(pattern))
    examined: list[_Examined] = []
    with workshop.judging(config) as bench:
        shell.judging(bench, config)
        for task in chosen.values():
            with shell.busy(f"examining {task.id}"):
                examined.append(_examined(bench, task))
            _tell(shell, examined[-1])
    raise typer.Exit(_summed_up(shell, examined))


def _examined(bench: Bench, task: Task) -> _Examined:
    try:
        return _Examined(task, bench.lint(task))
    except SandboxError as error:  # a reference may take its judge with it; the next task gets another one
        return _Examined(task, fault=told(error))


def _tell(shell: Shell, examined: _Examined) -> None:
    task = examined.task
    for each in examined.findings:
        reason = task.flaws.get(each.flaw)
        if shell.json:
            shell.write(json_lines.finding(task, each, reason))
        else:
            shell.say(f"{task.id}: {each.flaw}: {each.words}" + (f" (known: {reason})" if reason else ""))
    if examined.fault and shell.json:
        shell.write(json_lines.line({"event": "failed", "task": task.id, "message": examined.fault}))
    elif examined.fault:
        shell.say(f"{task.id}: not examined: {examined.fault}")


def _summed_up(shell: Shell, examined: list[_Examined]) -> Code:
    findings = sum(len(each.counted()) for each in examined)
    known = sum(len(each.findings) for each in examined) - findings
    flawed = sum(bool(each.counted()) for each in examined)
    failed = sum(bool(each.fault) for each in examined)
    numbers = {"tasks": len(examined), "flawed": flawed, "findings": findings, "known": known, "failed": failed}
    if shell.json:
        shell.write(json_lines.line({"event": "end", **numbers}))
    else:
        said = f"{len(examined) - flawed - failed} of {len(examined)} tasks clean, {findings} findings"
        said += f", {known} known" if known else ""
        shell.say(said + (f", {failed} not examined" if failed else ""))
    if failed:
        return Code.WRONG_USE
    return Code.FLAWED if findings else Code.DONE
