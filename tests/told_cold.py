"""A cache that is not there, for tests of what is asked of it and in which order."""

from sandbox.cold import Cold


class ToldCold(Cold):
    """Writes down when it is emptied, and for how long the card is kept at that."""

    def __init__(self, happened):
        super().__init__(None)
        self._happened = happened

    def flush(self):
        self._happened.append("emptied")

    def keep_busy(self, ms):
        self._happened.append(f"kept for {ms} ms")
