"""What is written down of a program that was followed at full size: torch operators, kernel launches, what they do."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """One torch operator, as one kernel would do it."""

    name: str
    """For example ``aten.convolution``."""
    dtype: str
    """Of its first floating-point operand, for example ``float32``; of the first operand where none is one."""
    flops: float
    bytes_read: float
    """Each operand once."""
    bytes_written: float
    reduction: int
    """Length of the longest sum behind one output element; 1 for elementwise operators."""
    tensor_core: bool
    """Whether it is a product that tensor cores can do."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one program of a grid does at one load, store or atomic of the source, on average over its executions."""

    line: int
    """Of the source; 0 where it is not known."""
    kind: str
    """``load``, ``store`` or ``atomic``."""
    times: float
    """Executions in one program."""
    elements: float
    """Addresses that differ, an execution."""
    lines: float
    """128-byte lines touched, an execution."""
    sectors: float
    """32-byte sectors touched, an execution."""
    itemsize: int


@dataclass(frozen=True, slots=True)
class Argument:
    """What one program does with one tensor."""

    name: str
    nbytes: int
    """Of its storage."""
    unique_bytes: float
    """In 32-byte sectors, each counted once."""
    touched_bytes: float
    """In 32-byte sectors, each counted as often as a block touches it."""
    shared_along: tuple[bool, bool, bool]
    """Whether the next program along each axis of the grid touches the same part."""
    written: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """One program of a launch, interpreted with full sizes."""

    loops: Mapping[str, float]
    """Line of a loop in the source → its rounds in one program."""
    dots: Mapping[str, float]
    """Type of the operands → floating-point operations of ``tl.dot`` in one program."""
    accesses: tuple[Access, ...]
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Requests:
    """Global-memory instructions of one thread at one line of the source, each time its loop goes round."""

    line: int
    kind: str
    count: float
    bytes: float
    """Of one instruction of one thread."""
    waits: bool
    """Whether the thread waits for the answer in the same round (no asynchronous copy)."""


@dataclass(frozen=True, slots=True)
class Section:
    """The instructions directly in one loop, for one thread and one round; those outside all loops, for one program."""

    loop: int
    """Line of the loop in the source; 0 outside, -1 where the line is not known."""
    depth: int
    issue: float
    """Issue slots of a scheduler."""
    shared_bytes: float
    """Through shared memory."""
    barriers: float
    products: float
    """Tensor-core instructions."""
    requests: tuple[Requests, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the target's compiler made of a launch."""

    num_warps: int
    num_stages: int
    registers: int
    """A thread's."""
    spill_bytes: int
    """A thread's local memory."""
    shared_bytes: int
    """A block's."""
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One launch with one configuration."""

    config: str
    """What the tuner chose, as it prints it; empty where there is none."""
    grid: tuple[int, int, int]
    error: str = ""
    """What the compiler said against it."""
    compiled: Compiled | None = None
    counted: Counted | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Launches that are alike."""

    kernel: str
    times: int
    variants: tuple[Variant, ...]
    """One a configuration; a card's tuner would keep the fastest."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One run of a candidate on shapes alone."""

    sites: tuple[Site, ...] = ()
    operators: tuple[Operator, ...] = ()
    unsupported: str = ""
    """Why this place cannot follow it."""
    error: str = ""
    """What it raised."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Both runs of a candidate on shapes alone; None for one that gave no answer."""

    compiled: Recorded | None
    counted: Recorded | None
