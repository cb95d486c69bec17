"""The judge's process: one JSON line with a Job in, one with a Report out, until its input ends."""

import ctypes
import json
import os
import sys

import torch

from sandbox.child.card import CardError
from sandbox.codec import decode, encode
from sandbox.devices import Place, PlaceKind
from sandbox.evaluation import Environment, SandboxError
from sandbox.gpu import gpu_named
from sandbox.judging import Judge
from sandbox.wire import Job, Report
from tasks.task import TaskError

PR_SET_DUMPABLE = 4


def main() -> None:
    """Answer jobs; arguments: place, GPU id, environment as JSON, descriptor for the reports."""
    kind, gpu_id, environment, reply = sys.argv[1:5]
    # No other process of this user's may look into this memory.
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    place = Place(PlaceKind(kind), gpu_named(gpu_id))
    judge = Judge(place, decode(Environment, json.loads(environment)))
    with os.fdopen(int(reply), "wb", buffering=0) as reports:
        for line in sys.stdin.buffer:
            report = _answer(judge, decode(Job, json.loads(line)))
            reports.write(json.dumps(encode(report)).encode() + b"\n")


def _answer(judge: Judge, job: Job) -> Report:
    try:
        if job.lint:
            return Report(findings=judge.lint(job.task))
        if job.counters:
            return Report(metrics=judge.profile(job))
        if job.against:
            return Report(duel=judge.duel(job, job.against))
        return Report(evaluation=judge.evaluate(job))
    except (TaskError, SandboxError) as error:
        return Report(fault=str(error))
    except CardError as error:
        return Report(fault=f"{job.task.id}: the card gave no memory that can be shared: {error}")
    except (torch.OutOfMemoryError, MemoryError) as error:
        where = "the card" if isinstance(error, torch.OutOfMemoryError) else "this machine"
        return Report(fault=f"{job.task.id}: the reference needs more memory than {where} has")


if __name__ == "__main__":
    main()
