"""The other end of a shared word: a process that answers releases as a candidate's does, with nothing around it.

Arguments: the shared memory's descriptor, and what is done before each answer: ``nothing``, ``sync`` or ``kernel``.
"""

import mmap
import os
import sys
import time
from collections.abc import Callable

RUN, DONE, EVENT_NS = range(3)
"""Words: the release's number, the number that is answered, and what the card's events say of its kernel."""
WORDS_BYTES = 4096


def words_of(descriptor: int) -> memoryview:
    """Map the shared words, 64 bits each."""
    return memoryview(mmap.mmap(descriptor, WORDS_BYTES)).cast("q")


def act_of(name: str, words: memoryview) -> Callable[[], None]:
    """Give what is done for a release; anything but ``nothing`` opens the card."""
    if name == "nothing":
        return lambda: None
    import torch

    small = torch.zeros(1024, device="cuda")
    if name == "sync":
        return torch.cuda.synchronize

    def kernel() -> None:
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        small.add_(1)
        end.record()
        torch.cuda.synchronize()
        words[EVENT_NS] = int(start.elapsed_time(end) * 1e6)

    return kernel


def main() -> None:
    """Answer until the parent is gone."""
    words, parent = words_of(int(sys.argv[1])), os.getppid()
    act = act_of(sys.argv[2], words)
    act()
    number = words[DONE] = words[RUN]
    while True:
        begin = time.monotonic()
        while words[RUN] == number:
            if time.monotonic() - begin > 1 and os.getppid() != parent:
                return
        number = words[RUN]
        act()
        words[DONE] = number


if __name__ == "__main__":
    main()
