"""A run told afterwards: its table, its best kernel, and all that one attempt said and heard."""

import json
from pathlib import Path

from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from agent import report, words
from agent.attempt import Attempt
from agent.history import History
from prompts.library import Prompt
from sandbox.metrics import NcuMetrics


def of_run(console: Console, run: str, history: History, kernel: Path | None) -> None:
    """Print the table, the end and the best kernel."""
    if history.environment:
        place = history.environment
        console.print(f"judged: {place.place} for {place.gpu}; {place.versions}", markup=False, soft_wrap=True)
    console.print(history.task.id, markup=False)
    report.ending(console, run, history, kernel, None)
    if history.best:
        _part(console, f"best kernel, attempt #{history.best.number}")
        _code(console, history.best.candidate.source)


def of_attempt(console: Console, attempt: Attempt) -> None:
    """Print one attempt, whole."""
    console.print(f"#{attempt.number} {words.stage_of(attempt)}", markup=False, style="bold")
    if attempt.prompt:
        _prompt(console, attempt.prompt)
    if attempt.reply:
        usage = attempt.reply.usage
        counted = f"{usage.input_tokens} tokens in, {usage.output_tokens} out" if usage.output_tokens else "not counted"
        _part(console, f"reply, {attempt.reply.model or 'model unnamed'}, {attempt.reply.finish}, {counted}")
        if attempt.reply.reasoning:
            _text(console, attempt.reply.reasoning)
            _part(console, "answer")
        _text(console, attempt.reply.text)
    elif attempt.candidate.source:
        _part(console, "kernel, brought by the user")
        _code(console, attempt.candidate.source)
    if attempt.mends:
        _part(console, f"kernel that was judged; {words.mends(attempt)}")
        _code(console, attempt.candidate.source)
    _part(console, "judgement")
    report.judgement(console, attempt.evaluation)
    if attempt.profile:
        _counters(console, attempt.profile)


def _prompt(console: Console, prompt: Prompt) -> None:
    if prompt.size:
        _text(console, f"prompt of {prompt.size.tokens} tokens ({prompt.size.by})")
    if prompt.left_out:
        _text(console, f"no room for {', '.join(prompt.left_out)}")
    _part(console, "prompt, system")
    _text(console, prompt.system)
    _part(console, "prompt, user")
    _text(console, prompt.user)


def _counters(console: Console, profile: NcuMetrics) -> None:
    _part(console, f"counters, read by {profile.source}")
    _text(console, json.dumps({name: dict(values) for name, values in profile.kernels.items()}, indent=2))


def _part(console: Console, title: str) -> None:
    console.print()
    console.print(Text(f"── {title} ──", style="bold cyan"))


def _text(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)


def _code(console: Console, source: str) -> None:
    if console.is_terminal:
        console.print(Syntax(source, "python", theme="ansi_dark", background_color="default", word_wrap=True))
    else:
        _text(console, source)
