"""The task's own program in the judge's process: weights, inputs, what eager answers, and what is exactly right."""

import copy
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager

import torch

from sandbox.child.layout import outputs_of, placed, put_together, take_apart
from sandbox.child.records import Operator
from sandbox.inputs import drawn_like, fresh_key, perturbed, seeded
from sandbox.ladder import Distribution
from sandbox.operators import trace
from sandbox.phases import Phase
from sandbox.precision import doubled, tf32
from sandbox.rounding import ByLogSumExp, Rounding, Tf32Operands
from sandbox.stopwatch import Stopwatch, counted
from tasks.program import Program, build, init_inputs, inputs, load
from tasks.task import Task, TaskError


class Reference:
    """One task at the size that fits this place."""

    def __init__(self, task: Task, source: str, device: str) -> None:
        """Build it, draw one set of inputs and run it once, for the layout; raises TaskError."""
        self.task, self.source, self.device = task, source, device
        self.watch = Stopwatch()
        self.program: Program = load(source, task.id)
        self.init = repr(init_inputs(self.program))
        with seeded(fresh_key()):
            self._model = build(self.program).to(device)
        with seeded(fresh_key()), torch.no_grad():
            self._structure, drawn = take_apart(self._drawn())
        first = [each.detach().to(device) for each in drawn]
        self.parameters = {name for name, _ in self._model.named_parameters(remove_duplicate=False)}
        self._exact: torch.nn.Module | None = None
        weights, end = placed(self.state.values(), 0)
        self.weights = tuple(
            (name, name in self.parameters, slot) for name, slot in zip(self.state, weights, strict=True)
        )
        self.inputs, self.outputs_start = placed(first, end)
        self.outputs, self.size = placed(self.eager(first), self.outputs_start)
        self.inputs_start = end
        self.reduction = max((each.reduction for each in _operators(self.program, device)), default=1)
        """Elements of the longest sum in it."""
        if not self.outputs:
            raise TaskError(f"{task.id}: Model returns no tensor")

    @property
    def structure(self) -> object:
        """Of the inputs, as ``layout.take_apart`` gives it."""
        return self._structure

    @property
    def state(self) -> Mapping[str, torch.Tensor]:
        """The weights by name, live."""
        return {name: each for name, each in self._model.state_dict().items() if isinstance(each, torch.Tensor)}

    def output_name(self, index: int) -> str:
        """Begin a message about one output; nothing where there is but one."""
        return f"output {index}: " if len(self.outputs) > 1 else ""

    @counted(Phase.INPUTS)
    def draw_weights(self, *, again: bool) -> None:
        """Take fresh weights: as the model draws them, or (``again``) moved, so that every one of them is visible."""
        with seeded(fresh_key()):
            state = build(self.program).state_dict()
        if again:
            state = perturbed(state, self.parameters, fresh_key())
        self.put_weights(state)

    def put_weights(self, state: Mapping[str, torch.Tensor]) -> None:
        """Take weights that ``kept_weights`` gave."""
        self._model.load_state_dict(state)
        self._exact = None

    @contextmanager
    def weights_as(self, change: Callable[[Sequence[torch.Tensor]], Sequence[torch.Tensor]]) -> Generator[None]:
        """Let the model's parameters be what ``change`` gives of them."""
        own = list(self._model.parameters())
        kept = [each.data for each in own]
        for each, changed in zip(own, change(kept), strict=True):
            each.data = changed
        try:
            yield
        finally:
            for each, before in zip(own, kept, strict=True):
                each.data = before

    def kept_weights(self) -> Mapping[str, torch.Tensor]:
        """Copy the weights of now."""
        return copy.deepcopy(self._model.state_dict())

    @counted(Phase.INPUTS)
    def draw_inputs(self, distribution: Distribution) -> list[torch.Tensor]:
        """Give the tensors of one fresh input set; raises TaskError where their shapes change from call to call."""
        tensors = self.draw_sets(1)[0]
        return tensors if distribution is Distribution.OWN else drawn_like(tensors, distribution, fresh_key())

    @counted(Phase.INPUTS)
    def draw_sets(self, count: int) -> list[list[torch.Tensor]]:
        """Give so many sets of the task's own, one after another from one fresh key; raises as ``draw_inputs``."""
        with seeded(fresh_key()), torch.no_grad():
            return [self._fitting(self._drawn()) for _ in range(count)]

    def _fitting(self, given: list[object]) -> list[torch.Tensor]:
        tensors = [each.detach().to(self.device) for each in take_apart(given)[1]]
        if [(tuple(each.shape), each.dtype) for each in tensors] != [(slot.shape, slot.kind) for slot in self.inputs]:
            raise TaskError(f"{self.task.id}: get_inputs gives other shapes or types from call to call")
        return tensors

    def _drawn(self) -> list[object]:
        if self.device == "cpu":
            return inputs(self.program)
        try:
            with torch.device(self.device):
                return inputs(self.program)  # drawn on the card: far quicker than on the host
        except TaskError:  # it mixes devices, which is its right: a user calls it without any
            return inputs(self.program)

    @counted(Phase.TRUTH)
    def eager(self, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Answer as a user's own call would, in the task's types; raises TaskError."""
        with tf32(self.task.tolerance.tf32):
            return self._answer(self._model, tensors)

    def touched(self, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Give the inputs as one call leaves copies of them; raises TaskError."""
        own = [each.clone() for each in tensors]
        self.touch(own)
        return own

    def touch(self, tensors: Sequence[torch.Tensor]) -> None:
        """Call eager on these themselves, not on copies; raises TaskError."""
        with tf32(self.task.tolerance.tf32):
            self._called(self._model, tensors)

    def returns_views(self) -> bool:
        """Whether all outputs lie in the inputs' own memory or in the weights'."""
        tensors = self.draw_inputs(Distribution.OWN)
        held = {each.untyped_storage().data_ptr() for each in (*tensors, *self.state.values())}
        return all(each.untyped_storage().data_ptr() in held for each in self._called(self._model, tensors))

    @counted(Phase.TRUTH)
    def rounded(self, tensors: Sequence[torch.Tensor], rounding: Rounding) -> list[torch.Tensor]:
        """Answer with every float32 product's operands rounded, else in full precision; raises TaskError."""
        with tf32(False), Tf32Operands(rounding):
            return self._answer(self._model, tensors)

    @counted(Phase.TRUTH)
    def by_logsumexp(self, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Answer with every softmax as exp(x - logsumexp(x)); raises TaskError."""
        with tf32(self.task.tolerance.tf32), ByLogSumExp():
            return self._answer(self._model, tensors)

    @counted(Phase.TRUTH)
    def unrounded(self, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Answer in the task's types without TF32, whether it is allowed or not; raises TaskError."""
        with tf32(False):
            return self._answer(self._model, tensors)

    @counted(Phase.TRUTH)
    def truth(self, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Answer in float64, from the same inputs and weights as rounded to the task's types; raises TaskError."""
        try:
            return self._in_double(tensors, self.device)
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()
            return self._in_double(tensors, "cpu")

    def _in_double(self, tensors: Sequence[torch.Tensor], device: str) -> list[torch.Tensor]:
        exact = doubled(self._model) if self._exact is None else self._exact
        self._exact = exact.to(device)
        wide = [_widened(each).to(device) for each in tensors]
        usual = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)  # tensors that forward makes itself follow
        try:
            return self._answer(self._exact, wide)
        finally:
            torch.set_default_dtype(usual)

    def _answer(self, model: torch.nn.Module, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        return self._called(model, [each.clone() for each in tensors])

    def _called(self, model: torch.nn.Module, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        own = put_together(self._structure, tensors)
        try:
            with torch.no_grad():
                return [each.detach().resolve_conj().resolve_neg() for each in outputs_of(model(*own), self.device)]
        except (torch.OutOfMemoryError, MemoryError):
            raise
        except Exception as error:  # whatever a reference raises is the task's fault
            if "DefaultCPUAllocator" in str(error):  # torch has no class for host memory that ran out
                raise MemoryError from error
            raise TaskError(
                f"{self.task.id}: Model raises {type(error).__name__}: {' '.join(str(error).split())[:300]}"
            ) from error


def _widened(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.is_complex():
        return tensor.to(torch.complex128)
    return tensor.double() if tensor.is_floating_point() else tensor


def _operators(program: Program, device: str) -> list[Operator]:
    try:
        return trace(program)
    except TaskError:  # it looks at values, of which meta tensors have none
        return trace(program, device=device)
