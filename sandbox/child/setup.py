"""The one message that a candidate's process reads: what to build and where its tensors lie."""

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from sandbox.child.layout import Slot


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that the judge tells a candidate's process."""

    source: str
    """Python text that defines ``ModelNew``."""
    init: str
    """Arguments of ``ModelNew``, a list as ``repr`` writes it."""
    weights: tuple[tuple[str, bool, Slot], ...]
    """Name, whether it is a parameter (else a buffer), place."""
    structure: Any
    """Of the inputs, as ``layout.take_apart`` gives it."""
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    sets: int
    """How many input sets the shared memory has room for."""
    stride: int
    """Bytes from one set's inputs and outputs to the next one's."""
    cpus: tuple[int, ...]
    """Processors to run on."""
    place: str
    """``cuda`` or ``emulated``."""
    gpu: str
    """Id of the card that the candidate is to see."""
    tf32: bool
    """Whether torch's own float32 products may take TF32 operands, as the task declares."""
    own: tuple[str, ...] = ()
    """Names of the candidate's own Triton kernels, by its text."""
    removed: str = ""
    """One of them whose launches do nothing in this process; empty where all are launched."""
    address_space: int = 0
    """Bytes of RLIMIT_AS that it takes upon itself before it imports the source; 0 is none."""


def packed(setup: Setup) -> bytes:
    """Give JSON behind its length, eight bytes, little-endian."""
    body = json.dumps(asdict(setup)).encode()
    return struct.pack("<q", len(body)) + body


def read(stream: BinaryIO) -> Setup:
    """Read one; raises EOFError where the stream ends early."""
    head = stream.read(8)
    body = stream.read(struct.unpack("<q", head)[0]) if len(head) == 8 else b""
    if not body:
        raise EOFError("no setup on standard input")
    table = json.loads(body)
    weights = tuple((name, is_parameter, _slot(slot)) for name, is_parameter, slot in table.pop("weights"))
    inputs, outputs = (tuple(_slot(each) for each in table.pop(key)) for key in ("inputs", "outputs"))
    cpus, own = tuple(table.pop("cpus")), tuple(table.pop("own"))
    return Setup(weights=weights, inputs=inputs, outputs=outputs, cpus=cpus, own=own, **table)


def _slot(table: dict[str, Any]) -> Slot:
    return Slot(tuple(table["shape"]), tuple(table["stride"]), table["dtype"], table["offset"])
