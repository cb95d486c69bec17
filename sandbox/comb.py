"""Places that lie equally far apart, so that they are copied at once; which ones is secret."""

import secrets


def comb(length: int, widest: int) -> slice:
    """Choose among so many places: each is ``widest`` from the next at most, and at least half of that.

    How far apart is secret too: a comb of a pitch that is known never sees the same columns of every row.
    """
    apart = max(1, widest - secrets.randbelow(max(1, widest // 2)))
    return slice(min(length, secrets.randbelow(apart)), length, apart)
