"""Every cheat gets the verdict that its header promises: without a card here, on one with ``-m gpu tests/cheats``."""

import re
import select
import tempfile
import time
from pathlib import Path

import pytest
from cheats.catalogue import FOLDER, GROUPS, cheats, honest, still_gaining, task

from sandbox.comparison import Outcome, compare
from sandbox.devices import choose
from sandbox.evaluation import Verdict
from sandbox.judging import spares
from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan

FEWEST = 60
SECURITY = FOLDER.parent.parent / "SECURITY.md"
PUBLIC = (Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"))
"""Where a cheat may leave files on a machine whose files it is not kept from."""
SECRET = "kwcheat-a-key-that-no-candidate-may-see"
SLACK = 1.3
"""Of a measured time over that of the task's own text, in one sitting: an A/A comparison strays too."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ALL = cheats()


class Benches:
    """One bench a place and patience, opened when first asked for; its scratch folders are ours to look into."""

    def __init__(self, scratch: Path) -> None:
        self._scratch, self._open, self._honest = scratch, {}, {}

    def bench(self, place, *, impatient=False):
        if (place, impatient) not in self._open:
            deadline = 30.0 if place == "cuda" else 60.0
            plan = MeasurePlan(build_timeout_s=deadline, run_timeout_s=6.0, max_seconds=1.0)
            if impatient:
                plan = MeasurePlan(build_timeout_s=10.0, run_timeout_s=6.0, max_seconds=1.0)
            gpu = None if place == "cuda" else "rtx4090"
            self._open[place, impatient] = open_bench(gpu, plan, place=place)
        return self._open[place, impatient]

    def honest(self, place, name):
        """Judge the task's own text, once a place."""
        if (place, name) not in self._honest:
            self._honest[place, name] = self.bench(place).evaluate(task(name), honest(name))
        return self._honest[place, name]

    def folders(self):
        """Count the scratch folders of candidates."""
        return len(list(self._scratch.glob("kernelwright-*/kernelwright-*")))

    @property
    def waiting(self):
        """Processes that may wait for the next candidate, each with a folder of its own."""
        return sum(spares(choose(None if place == "cuda" else "rtx4090", place)) for place, _ in self._open)

    def close(self):
        for each in self._open.values():
            each.close()


@pytest.fixture(scope="module")
def benches(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("benches")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        patch.setenv("OPENAI_API_KEY", SECRET)
        opened = Benches(scratch)
        yield opened
        opened.close()


def _cases(place):
    for each in _ALL:
        if getattr(each, place):
            mark = pytest.mark.xfail(reason=f"needs {each.needs}", strict=False) if each.needs else ()
            yield pytest.param(each, id=each.name, marks=mark)


@pytest.mark.parametrize("cheat", list(_cases("emulated")))
def test_a_cheat_without_a_card(benches, cheat):
    _holds(benches, cheat, "emulated")


@pytest.mark.gpu
@pytest.mark.parametrize("cheat", list(_cases("cuda")))
def test_a_cheat_on_a_card(benches, cheat):
    _holds(benches, cheat, "cuda")


def _holds(benches, cheat, place):
    bench = benches.bench(place, impatient=cheat.impatient)
    usual = benches.honest(place, cheat.task)
    try:
        for _ in range(cheat.times):
            found = bench.evaluate(task(cheat.task), cheat.candidate)
        assert not CONTROL.search(found.message), "what it printed would move a terminal's cursor"
        if cheat.box and cheat.box in found.environment.unprotected:
            pytest.xfail(f"this machine leaves open: {cheat.box}")
        assert found.verdict in getattr(cheat, place), f"{found.verdict}: {found.message}"
        if found.verdict is not Verdict.CORRECT:
            pattern = (cheat.cuda_says if place == "cuda" else "") or cheat.says
            assert re.search(pattern, found.message, re.DOTALL), found.message
        elif not (cheat.gains or cheat.kernel):
            gained = compare(usual, found)
            assert gained.outcome is not Outcome.FASTER or (place == "cuda" and gained.ratio < SLACK), gained
        if cheat.group == "service":
            _nothing_is_left(benches, cheat)
            again = bench.evaluate(task(cheat.task), honest(cheat.task))
            assert again.verdict is Verdict.CORRECT, again.message
    finally:
        for left in _files(cheat.token):
            left.unlink()


def _nothing_is_left(benches, cheat):
    _until(lambda: not _processes(cheat.token))
    _until(lambda: benches.folders() <= benches.waiting)
    if cheat.box not in ("files",):
        assert not _files(cheat.token)


def _processes(token):
    """Name the processes that carry a token, in their command line or as their name."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            told = (each / "cmdline").read_bytes() + (each / "comm").read_bytes()
        except OSError:
            continue
        if token.encode() in told:
            found.append(each.name)
    return found


def _files(token):
    return [each for folder in PUBLIC for each in folder.glob(f"{token}*")]


def _until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        select.select([], [], [], 0.02)


def test_the_catalogue_is_large_and_covers_every_group():
    assert len(_ALL) >= FEWEST
    assert {each.group for each in _ALL} == set(GROUPS)


@pytest.mark.parametrize("cheat", [pytest.param(each, id=each.name) for each in _ALL])
def test_a_cheat_that_expects_a_fault_says_which_words_show_it(cheat):
    for place, says in (("emulated", cheat.says), ("cuda", cheat.cuda_says or cheat.says)):
        assert says or set(getattr(cheat, place)) <= {Verdict.CORRECT}, place
    assert not cheat.gains or Verdict.CORRECT in (*cheat.emulated, *cheat.cuda)


def test_security_lists_every_cheat_that_still_gains_and_no_other():
    _, _, section = SECURITY.read_text().partition("## Cheats that still gain\n")
    listed = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("* ")]
    assert listed == still_gaining()


def test_every_task_is_right_as_it_stands(benches):
    for file in sorted((FOLDER / "tasks").glob("*.py")):
        found = benches.honest("emulated", file.stem)
        assert found.verdict is Verdict.CORRECT, f"{file.stem}: {found.message}"


def test_a_cheat_file_without_its_header_is_refused(tmp_path):
    from cheats.catalogue import cheat

    (tmp_path / "clock_none.py").write_text("class ModelNew: pass\n")
    with pytest.raises(ValueError, match="substring"):
        cheat(tmp_path / "clock_none.py")
