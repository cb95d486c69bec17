"""Results for people: the table of a run's attempts, its end, a board, a kernel's judgement."""

from collections.abc import Mapping
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from agent import words
from agent.attempt import Attempt
from agent.batch import Failed, Finished, Result, Waiting
from agent.finding import Finding, State
from agent.history import History
from agent.leaderboard import Board, Row
from sandbox.evaluation import BaselineName, Evaluation, Verdict

_STYLES = {Verdict.CORRECT: "green", Verdict.UNJUDGED: "yellow", Verdict.PLANNED: "cyan", Verdict.CHEATED: "bold red"}

_BASELINES = {BaselineName.COMPILE: "compile", BaselineName.MAX_AUTOTUNE: "compile max"}
_STATES = {State.OK: "green", State.LIMITED: "yellow", State.MISSING: "red"}


def table(*columns: str, right: tuple[str, ...] = (), rest: str = "") -> Table:
    """An empty table; ``right`` columns hold numbers, the ``rest`` column gives way where the terminal is narrow."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), expand=bool(rest))
    for name in columns:
        flexible = name == rest
        made.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=True,
            overflow="ellipsis",
            ratio=1 if flexible else None,
            min_width=None if flexible else min(len(name), 8),
        )
    return made


def attempts(history: History, last: int | None = None) -> RenderableType:
    """The attempts of a run, all or the ``last`` few; the best is marked."""
    made = table("#", "stage", "from", "verdict", "time", "speed-up", "note", right=("#", "time"), rest="note")
    shown = history.attempts[-last:] if last else history.attempts
    for each in shown:
        _add(made, each, is_best=history.best is not None and each.number == history.best.number)
    hidden = len(history.attempts) - len(shown)
    return Group(Text(f"… {hidden} earlier", style="dim"), made) if hidden else made


def ending(console: Console, run: str, history: History, kernel: Path | None, board: Board | None) -> None:
    """Print a run's whole result."""
    console.print(attempts(history))
    best = history.best
    if best and best.evaluation.timing and best.evaluation.eager:
        time, eager = (words.milliseconds(each.median_ms) for each in (best.evaluation.timing, best.evaluation.eager))
        ratio = words.speedup_of(best.evaluation)
        _fact(console, "best", f"#{best.number}, {ratio} ({time}, eager {eager})", style="bold green")
        console.print(Text.assemble((f"{'kernel':<12}", "dim"), str(kernel or "not kept")), soft_wrap=True)
    else:
        _fact(console, "best", "nothing correct found", style="bold yellow")
    if board:
        _fact(console, "leaderboard", place_on(board, run, history))
    _fact(console, "cost", f"{words.cost(history.spent)}; {words.duration(history.worked_s)} of work")
    _fact(console, "ended", history.ended or "not yet")
    _fact(console, "run", run)


def place_on(board: Board, run: str, history: History) -> str:
    """A run's row on its board, or what stands in its way."""
    rank = board.rank(history.task)
    if rank is None:
        return f"{board.gpu}, {board.source}: no correct kernel yet"
    row = board.rows[rank - 1]
    holder = "this run" if row.run == run else f"run {row.run[-4:]}"
    held = words.speedup(row.speedup, board.source)
    return f"{board.gpu}, {board.source}: {rank} of {len(board.rows)}, {row.task.id} {held} by {holder}"


def summary(
    console: Console, results: Mapping[str, Result], found: Mapping[str, History], refused: Mapping[str, str]
) -> None:
    """Print a batch's result, one row a task; ``refused`` are tasks that could not begin, and why."""
    made = table("task", "attempts", "best", "end", right=("attempts",), rest="end")
    for run, result in results.items():
        history = found[run]
        best = Text(words.speedup_of(history.best.evaluation), "green") if history.best else Text("none", "yellow")
        made.add_row(history.task.id, str(len(history.attempts)), best, Text(_end_of(result), "dim"))
    for task, reason in refused.items():
        made.add_row(task, "0", Text("none", "yellow"), Text(f"refused: {reason}"))
    console.print(made)


def board(console: Console, shown: Board) -> None:
    """Print a board, its geometric mean and its share of tasks that beat eager."""
    title = f"{shown.gpu}, {shown.source}"
    made = table("#", "task", "speed-up", "time", "run", "model", right=("#", "time"), rest="model")
    for rank, row in enumerate(shown.rows, 1):
        _add_row(made, rank, row, shown)
    console.print(Text(title, style="bold"))
    console.print(made)
    mean = words.speedup(shown.geometric_mean, shown.source) if shown.geometric_mean else "none"
    faster = f"{round(shown.fast_share * shown.tried)} faster than eager (fast_1 {shown.fast_share:.0%})"
    line = f"geometric mean {mean}; {len(shown.rows)} of {shown.tried} tasks correct, {faster}\n"
    console.print(line, soft_wrap=not console.is_terminal)


def judgement(console: Console, judged: Evaluation) -> None:
    """Print what the judge says of one kernel."""
    _fact(console, "verdict", str(judged.verdict), style=f"bold {_STYLES.get(judged.verdict, 'red')}")
    if judged.message:
        _fact(console, "message", judged.message)
    if judged.timing and judged.eager:
        _fact(console, "speed-up", words.speedup_of(judged), style="bold")
        for name, timing in (("time", judged.timing), ("eager", judged.eager)):
            _fact(console, name, words.spread(timing))
        _companions(console, judged)
    if judged.errors:
        _fact(console, "error", words.errors(judged.errors))
    for text in judged.notes:
        _fact(console, "note", text)


def _companions(console: Console, judged: Evaluation) -> None:
    """Print what stands beside a correct kernel's times."""
    for each in judged.baselines:
        ratio = words.speedup(judged.speedup_over(each) or 0.0, each.timing.source)
        _fact(console, _BASELINES[each.name], f"{words.spread(each.timing)}; speed-up over it {ratio}")
    if said := words.floor(judged):
        _fact(console, "floor", said)
    if judged.labels:
        _fact(console, "labels", "; ".join(words.label(each) for each in judged.labels))


def listing(console: Console, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a plain table; the last column gives way where the terminal is narrow."""
    made = table(*columns, rest=columns[-1])
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    console.print(made)


def findings(console: Console, found: list[Finding]) -> None:
    """Print what a machine can do, and what to do where it cannot."""
    for each in found:
        label = Text.assemble((f"{each.state:<8}", _STATES[each.state]), (f"{each.name:<14}", "bold"))
        _labelled(console, label, Text(each.text))
        if each.remedy:
            _labelled(console, Text(f"{'':22}"), Text(each.remedy, style="dim"))


def _add(made: Table, each: Attempt, *, is_best: bool) -> None:
    judged = each.evaluation
    made.add_row(
        str(each.number),
        each.proposal.stage,
        ", ".join(f"#{number}" for number in each.proposal.parents),
        Text(str(judged.verdict), style=_STYLES.get(judged.verdict, "red")),
        words.milliseconds(judged.timing.median_ms) if judged.timing else "",
        Text(words.speedup_of(judged), style="bold green" if is_best else ""),
        Text(", ".join(filter(None, _notes(each, is_best=is_best))), style="" if is_best else "dim"),
    )


def _notes(each: Attempt, *, is_best: bool) -> tuple[str, ...]:
    return "best" if is_best else "", words.mends(each), words.note(each)


def _add_row(made: Table, rank: int, row: Row, shown: Board) -> None:
    timing, reply = row.attempt.evaluation.timing, row.attempt.reply
    time = words.milliseconds(timing.median_ms) if timing else ""
    model = (reply.model or "model unnamed") if reply else "brought by the user"
    origin = f"{row.run[-4:]} #{row.attempt.number}"
    ratio = words.speedup(row.speedup, shown.source)
    made.add_row(str(rank), row.task.id, ratio, time, origin, Text(model, style="dim"))


def _end_of(result: Result) -> str:
    match result:
        case Finished(history=history):
            return history.ended or ""
        case Waiting(message=message):
            return message
        case Failed(message=message):
            return f"failed: {message}"


def _fact(console: Console, name: str, text: str, style: str = "") -> None:
    _labelled(console, Text(f"{name:<12}", style="dim"), Text(text, style=style))


def _labelled(console: Console, label: Text, text: Text) -> None:
    """Print a label and words that stay to its right where they wrap; one line where nobody looks."""
    if not console.is_terminal:
        console.print(label + text, soft_wrap=True)
        return
    line = Table.grid()
    line.add_column(no_wrap=True)
    line.add_column(overflow="fold")
    line.add_row(label, text)
    console.print(line)
