"""All that a judge knows of one task: kept while candidates of the same task come."""

from sandbox import event_time
from sandbox.admission import admitted
from sandbox.bank import LIMIT_BYTES, LIMIT_SHARE, Bank
from sandbox.evaluation import Candidate
from sandbox.exchange import block_bytes
from sandbox.measured import Measurer
from sandbox.neighbours import Neighbour
from sandbox.shrunk import small_source
from sandbox.sitting import sets_for
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
        card = int(place.gpu.dram_gb * 1e9) if place.on_card else 0
        self.bank = Bank(self.reference, max(LIMIT_BYTES, card // LIMIT_SHARE))
        size = block_bytes(self.reference)
        self.sets = sets_for(event_time.roughly_ms(self.reference, place.gpu), size, card) if place.on_card else 1
        """Input sets that a guest must have room for: a timed run's calls at most."""
        self._measurer: Measurer | None = None
        self._neighbour: Neighbour | None = None

    def timed(self, plan: MeasurePlan) -> bool:
        """Whether the card's sitting for this plan has begun."""
        return self._measurer is not None and self._measurer.plan == plan

    def measurer(self, plan: MeasurePlan, reached_gb_per_s: float | None) -> Measurer:
        """Give the card's sitting for this plan; raises TaskError or SandboxError where eager cannot be timed."""
        if self._measurer is None or not self.timed(plan):
            self._measurer = Measurer(self.reference, plan, self._nursery, self.sets, reached_gb_per_s)
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
