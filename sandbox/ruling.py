"""Ends a trial before its end: what a candidate did, as a verdict and the words that go with it."""

from collections.abc import Mapping, Sequence

from sandbox.child.layout import TYPES, Slot, type_name
from sandbox.child.words import Status
from sandbox.evaluation import Errors, Evaluation, Verdict

SIGKILL = -9
_VERDICTS: Mapping[Status, tuple[Verdict, str]] = {
    Status.NOT_IMPORTED: (Verdict.BROKEN, "does not import"),
    Status.NOT_BUILT: (Verdict.BROKEN, "ModelNew does not build"),
    Status.NOT_COMPILED: (Verdict.BROKEN, "a kernel does not compile"),
    Status.WEIGHTS_UNMATCHED: (Verdict.BROKEN, "weights do not match"),
    Status.RAISED: (Verdict.CRASHED, "the call raised"),
    Status.OUT_OF_MEMORY: (Verdict.OUT_OF_MEMORY, "out of memory"),
    Status.OUT_OF_RESOURCES: (Verdict.REJECTED, "a kernel cannot launch on this card"),
    Status.NO_ARENA: (Verdict.UNJUDGED, "its process cannot open the memory that it shares with the judge"),
    Status.UNSUPPORTED: (Verdict.UNJUDGED, "this place cannot run it"),
}
_OF_ITS_TEXT = (Status.NOT_COMPILED, Status.WEIGHTS_UNMATCHED, Status.OUT_OF_RESOURCES)
_WORDS = 4000
"""Characters of a log that a message quotes."""
_CONTROL = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}


class Ruling(Exception):  # noqa: N818  no error: it unwinds a trial that is over
    """A verdict that no later step can change."""

    def __init__(
        self, verdict: Verdict, message: str, errors: Errors | None = None, *, of_its_text: bool = False
    ) -> None:
        """``of_its_text`` says that the candidate's text alone brought it about, whatever else ran beside it."""
        super().__init__(message)
        self.verdict, self.message, self.errors, self.of_its_text = verdict, message, errors, of_its_text

    def at(self, where: str) -> "Ruling":
        """Add where it showed, at the end of the first line."""
        first, newline, rest = self.message.partition("\n")
        said = f"{first.removesuffix(':')} ({where}){':' if newline else ''}{newline}{rest}"
        return Ruling(self.verdict, said, self.errors, of_its_text=self.of_its_text)

    @property
    def evaluation(self) -> Evaluation:
        """As a value; who measures adds the environment."""
        return Evaluation(self.verdict, self.message, self.errors)


def of_status(word: int, details: Sequence[int], outputs: Sequence[Slot], log: str) -> Ruling:
    """Rule on a status other than OK; a word that is no status is a candidate's forgery."""
    if word == Status.OUTPUT_COUNT:
        got = "something that is no tensor" if details[0] < 0 else f"{details[0]} tensors"
        said = f"ModelNew returned {got}; the reference returns {len(outputs)}"
        return Ruling(Verdict.WRONG, said, of_its_text=True)
    if word == Status.OUTPUT_TENSOR and 0 <= details[0] < len(outputs):
        return Ruling(Verdict.WRONG, _tensor(details, outputs[details[0]]), of_its_text=True)
    if word not in list(_VERDICTS):
        return Ruling(Verdict.CHEATED, f"wrote {word} where its process reports how a call went")
    verdict, what = _VERDICTS[Status(word)]
    return Ruling(verdict, quoted(what, log), of_its_text=word in _OF_ITS_TEXT)


def of_death(status: int, *, flooded: bool, log: str) -> Ruling:
    """Rule on a process that ended by itself."""
    if flooded:
        return Ruling(Verdict.CRASHED, quoted("printed without end and was stopped", log[-200:]))
    if status == SIGKILL:
        return Ruling(Verdict.OUT_OF_MEMORY, quoted("killed: it held more of this machine's memory than it may", log))
    how = f"by signal {-status}" if status < 0 else f"with exit status {status}"
    return Ruling(Verdict.CRASHED, quoted(f"its process ended {how}", log))


def quoted(what: str, log: str) -> str:
    """Put the end of a log under a first line."""
    return f"{what}:\n{printable(log)[-_WORDS:]}" if log else what


def printable(text: str) -> str:
    """Replace what would move a terminal's cursor: a candidate's words are shown to people, too."""
    return text.translate(_CONTROL)


def _tensor(details: Sequence[int], expected: Slot) -> str:
    index, elsewhere, code, dimensions, *shape = details
    kind = type_name(TYPES[code]) if 0 <= code < len(TYPES) else "another type"
    where = " on the host" if elsewhere else ""
    got = list(shape[: max(0, dimensions)])
    return f"output {index} is {kind} {got}{where}; expected {expected.dtype} {list(expected.shape)}"
