"""kernelwright for Python: the same run that the command line makes, as one call."""

import json
from pathlib import Path

from agent import workshop
from agent.config import RunConfig
from agent.history import History
from agent.home import usual_home
from agent.journal import Journal
from agent.loop import optimize as work
from agent.run import Listener, Run, begin, ignore
from sandbox.codec import encode
from sandbox.evaluation import Candidate
from tasks.catalog import find_one
from tasks.task import Task

USUAL = RunConfig()


def optimize(
    task: Task | str,
    config: RunConfig = USUAL,
    *,
    home: Path | None = None,
    given: Candidate | None = None,
    listener: Listener = ignore,
) -> History:
    """Make one task faster and return all that was tried; blocks until the run ends.

    ``task`` is a Task, an id, its last part or a ``.py`` file; ``home`` holds the journal (else ``KERNELWRIGHT_HOME``,
    else ``.kernelwright``); ``given`` is a kernel to start from; ``listener`` is told of every event. Raises TaskError,
    LlmError, SandboxError, PromptError, PluginError or JournalError for what is wrong with words or machine; what was
    done until then is in the journal, and ``kernelwright resume`` goes on with it.

    >>> from agent.api import optimize                                        # doctest: +SKIP
    >>> history = optimize("examples/conv2d_min_add_scale")                   # doctest: +SKIP
    >>> history.best.evaluation.speedup, history.best.candidate.source        # doctest: +SKIP
    """
    found = find_one(task) if isinstance(task, str) else task
    folder = home or usual_home()
    with workshop.opened(config, folder) as shop:
        shop.tools.llm.check(found.id)
        with Journal(folder) as journal:
            place = shop.tools.bench.environment
            run = begin(journal, found, place, config=json.dumps(encode(config)), given=given)
            with Run(journal, run, listener) as opened:
                return work(opened, shop.policy_for(found.id), config.budget, shop.tools)
