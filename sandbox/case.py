"""All that a judge knows of one task: kept while candidates of the same task come."""

from sandbox.admission import admitted
from sandbox.bank import Bank
from sandbox.evaluation import Candidate
from sandbox.measured import Measurer
from sandbox.neighbours import Neighbour
from sandbox.shrunk import small_source
from sandbox.spares import Nursery
from sandbox.wire import MeasurePlan
from tasks.task import Task, TaskError


class Case:
    """One task at one place."""

    def __init__(self, task: Task, nursery: Nursery) -> None:
        """Build its reference, at the size that fits the place; raises TaskError."""
        self.task, self._nursery = task, nursery
        place = nursery.place
        self.reference = admitted(task, task.source if place.on_card else small_source(task), place.device)
        self.bank = Bank(self.reference)
        self._measurer: Measurer | None = None
        self._neighbour: Neighbour | None = None

    @property
    def sets(self) -> int:
        """Input sets that a guest must have room for; one until the measurer is there."""
        return self._measurer.sets if self._measurer else 1

    def measurer(self, plan: MeasurePlan, reached_gb_per_s: float | None) -> Measurer:
        """Give the card's sitting for this plan; raises TaskError where the reference cannot be timed."""
        if self._measurer is None or self._measurer.plan != plan:
            self._measurer = Measurer(self.reference, plan, self._nursery, reached_gb_per_s)
        return self._measurer

    def beside(self, candidate: Candidate, plan: MeasurePlan) -> str:
        """Try a correct candidate at neighbouring sizes; gives what went wrong, or nothing where all went well.

        Nothing, too, where the task has no neighbouring sizes that run.
        """
        try:
            self._neighbour = self._neighbour or Neighbour(self.task, self._nursery)
            return self._neighbour.against(candidate, plan)
        except TaskError:
            return ""
