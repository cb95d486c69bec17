"""What ``--json`` prints: one object a line, for programs."""

import json
from typing import Any

from agent.attempt import Attempt
from agent.history import History
from agent.leaderboard import Board, Row
from sandbox.codec import encode
from sandbox.comparison import median_interval
from sandbox.evaluation import Environment, Evaluation, Timing
from tasks.flaw import Finding
from tasks.task import Task


def line(record: dict[str, Any]) -> str:
    """Write one object."""
    return json.dumps(record, ensure_ascii=False)


def start(run: str, history: History, environment: Environment) -> dict[str, Any]:
    """A run is taken up, for the first time or again."""
    return {
        "event": "start",
        "run": run,
        "task": history.task.id,
        "attempts": len(history.attempts),
        "place": environment.place,
        "gpu": environment.gpu,
        "versions": environment.versions,
        "unprotected": list(environment.unprotected),
    }


def attempt(run: str, history: History, made: Attempt) -> dict[str, Any]:
    """A turn is over."""
    return {
        "event": "attempt",
        "run": run,
        "task": history.task.id,
        "number": made.number,
        "stage": made.proposal.stage,
        "parents": list(made.proposal.parents),
        "again": made.proposal.again,
        "digest": made.candidate.digest,
        "mends": list(made.mends),
        **_verdict(made.evaluation),
        "plan": encode(made.plan) if made.plan else None,
        "best": best(history),
    }


def finding(task: Task, found: Finding, reason: str | None) -> str:
    """Write a flaw of a task; ``reason`` is why it is left as it is, None where nobody said so."""
    return line({"event": "finding", "task": task.id, "flaw": found.flaw, "words": found.words, "known": reason})


def end(run: str, history: History, kernel: str | None) -> dict[str, Any]:
    """A run is over."""
    return {
        "event": "end",
        "run": run,
        "task": history.task.id,
        "attempts": len(history.attempts),
        "best": best(history),
        "reason": history.ended,
        "kernel": kernel,
        "spent": encode(history.spent),
    }


def story(run: str, history: History, kernel: str | None) -> list[dict[str, Any]]:
    """A run's objects, as they were printed while it was under way."""
    told = [start(run, History(history.task), history.environment)] if history.environment else []
    past = History(history.task)
    for made in history.attempts:
        past = past.plus(made)
        told.append(attempt(run, past, made))
    return [*told, end(run, history, kernel)]


def best(history: History) -> dict[str, Any] | None:
    """The best so far, or None."""
    held = history.best
    if held is None or held.evaluation.timing is None:
        return None
    source = held.evaluation.timing.source
    return {
        "number": held.number,
        "digest": held.candidate.digest,
        "speedup": held.evaluation.speedup,
        "source": source,
    }


def evaluation(judged: Evaluation, digest: str) -> dict[str, Any]:
    """All that is known of one candidate."""
    return {
        "digest": digest,
        **_verdict(judged),
        "errors": encode(judged.errors) if judged.errors else None,
        "times": _times(judged.timing) if judged.timing else None,
        "eager": _times(judged.eager) if judged.eager else None,
        "baselines": [
            {"name": each.name, "speedup": judged.speedup_over(each), **_times(each.timing)}
            for each in judged.baselines
        ],
        "floor_ms": judged.floor_ms,
        "share_of_floor": judged.share_of_floor,
        "labels": [encode(each) for each in judged.labels],
        "setup_ms": judged.setup_ms,
        "notes": list(judged.notes),
        "environment": encode(judged.environment) if judged.environment else None,
    }


def row(board: Board, rank: int, held: Row) -> dict[str, Any]:
    """One place on a board."""
    timing = held.attempt.evaluation.timing
    return {
        "gpu": board.gpu,
        "source": board.source,
        "rank": rank,
        "task": held.task.id,
        "speedup": held.speedup,
        "median_ms": timing.median_ms if timing else None,
        "run": held.run,
        "attempt": held.attempt.number,
        "digest": held.attempt.candidate.digest,
        "model": held.attempt.reply.model if held.attempt.reply else None,
    }


def _verdict(judged: Evaluation) -> dict[str, Any]:
    return {
        "verdict": judged.verdict,
        "message": judged.message,
        "speedup": judged.speedup,
        "source": judged.timing.source if judged.timing else None,
    }


def _times(timing: Timing) -> dict[str, Any]:
    low, high = median_interval(timing)
    return {
        "median_ms": timing.median_ms,
        "low_ms": low,
        "high_ms": high,
        "p10_ms": timing.percentile_ms(10),
        "p90_ms": timing.percentile_ms(90),
        "samples": len(timing.samples_ms),
        "source": timing.source,
    }
