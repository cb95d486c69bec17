"""The 64-bit words that judge and candidate share: all that crosses between them while a candidate runs."""

from enum import IntEnum


class Word(IntEnum):
    """What each word is for."""

    RUN = 0
    """Written by the judge: number of the release; the candidate waits for it to change."""
    COMMAND = 1
    """Written by the judge before RUN: a ``Command``."""
    DONE = 2
    """Written by the candidate, last: the number of the release that it has finished."""
    STATUS = 3
    """Written by the candidate before DONE: a ``Status``."""
    ROUSED = 8
    """Written by the judge: number of the release that comes next."""
    AWAKE = 9
    """Written by the candidate: that number, when it is awake and does nothing but wait for RUN."""
    FILL = 4
    """Written by the judge before the start: 16 bits that uninitialised memory is filled with, without a card."""
    IMPORT_NS = 5
    """Written by the candidate's process before it is given anything: CPU time that it took to import; 0 before."""
    CONTEXT_NS = 6
    """Written by it: how long it took to open the card or to put the emulator in place."""
    BUILD_NS = 7
    """Written by it: how long the candidate's import and the building of its model took. It may say anything."""
    CALLS = 10
    """Written by the judge before RUN: on how many input sets CALL calls the model, from the first on."""
    DETAIL = 16
    """First of the words that say more about a status; what they mean stands beside it."""


COUNT = 64
"""Words in all."""
DETAILS = COUNT - Word.DETAIL
BUILD = 1
"""The first release: import, build, load the weights. It needs no command."""


class Command(IntEnum):
    """What a release asks for."""

    CALL = 1
    """Call the model on each of the input sets, one after the other, without a pause, and copy its outputs."""
    RELOAD = 2
    """Load the weights again: they have changed."""
    ASSIGN = 3
    """Write the weights, which have changed, into the model's own tensors in place, past ``load_state_dict``."""
    PROFILE = 4
    """Call the model and say where the card's time goes; the outputs are thrown away."""


class Status(IntEnum):
    """How a release went."""

    OK = 1
    """After BUILD and RELOAD: tensors matched by name, by shape and order, buffers left as built, weights unused.
    After CALL in a process with a kernel removed: launches of it that did nothing. After PROFILE: nanoseconds of the
    card in all, then in each of ``Setup.own``.
    """
    NOT_IMPORTED = 2
    NOT_BUILT = 3
    NOT_COMPILED = 4
    WEIGHTS_UNMATCHED = 5
    RAISED = 6
    OUT_OF_MEMORY = 7
    OUT_OF_RESOURCES = 8
    """A kernel asks for more shared memory, registers or threads than a launch may have."""
    UNSUPPORTED = 9
    """Triton's interpreter cannot run it."""
    OUTPUT_COUNT = 10
    """Number of tensors that came back, or -1 for something that is none."""
    OUTPUT_TENSOR = 11
    """Index of the tensor, 1 if it is not on the card, code of its type, number of dimensions, each dimension."""
    NO_ARENA = 12
    """The shared memory could not be opened."""
