"""Which rungs a reference refuses; asked at small sizes on the host, for on a card a refusal may end the judge."""

from sandbox.ladder import Distribution
from sandbox.reference import Reference
from sandbox.shrunk import small_source
from tasks.task import Task, TaskError


def refused(task: Task) -> frozenset[Distribution]:
    """Give the rungs on which the reference raises: an index out of range, a probability below 0.

    None are known where the task has no small sizes at which it runs on the host.
    """
    try:
        reference = Reference(task, small_source(task), "cpu")
    except TaskError:
        return frozenset()
    return frozenset(each for each in Distribution if _raises(reference, each))


def _raises(reference: Reference, distribution: Distribution) -> bool:
    try:
        reference.eager(reference.draw_inputs(distribution))
    except TaskError:
        return True
    return False
