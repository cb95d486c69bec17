"""Labels by experiment, without a card: what a correct candidate does, and what is said of it. Pure parts first."""

import pytest

from sandbox import labelling
from sandbox.child.words import Command
from sandbox.evaluation import BaselineName, Candidate, Errors, Source, Timing, Verdict
from sandbox.labelling import Found, Trial, of_model, of_profile, of_shares
from sandbox.labels import Label, LabelKind
from sandbox.metrics import CounterSource, NcuMetrics
from sandbox.ruling import Ruling
from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan
from tasks.task import Task

PLAN = MeasurePlan(build_timeout_s=120, run_timeout_s=60, labels=True, baselines=(BaselineName.COMPILE,))
LINEAR = """
import torch
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(64))
    def forward(self, x): return x * self.weight
def get_inputs(): return [torch.rand(40, 64)]
def get_init_inputs(): return []
"""
TASK = Task("tests/scaled", LINEAR, small_sizes={})
KERNELS = """
import torch, triton, triton.language as tl

@triton.jit
def scale_kernel(x, w, y, n, WIDTH: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, WIDTH)
    tl.store(y + row * n + at, tl.load(x + row * n + at) * tl.load(w + at))

@triton.jit
def prepare_kernel(x, WIDTH: tl.constexpr):
    at = tl.program_id(0) * WIDTH + tl.arange(0, WIDTH)
    tl.store(x + at, tl.load(x + at))

class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(64))
        INIT
    def scaled(self, x, w):
        y = torch.empty_like(x)
        scale_kernel[(x.shape[0],)](x, w, y, x.shape[1], WIDTH=64)
        return y
    def forward(self, x):
        return BODY
"""
PACKED = "self.register_load_state_dict_post_hook(lambda m, _: setattr(m, 'packed', m.weight.data.clone()))"
BY_VERSION = (
    "[setattr(self, 'packed', (self.weight._version, self.weight.data.clone())) "
    "for _ in range(1) if getattr(self, 'packed', (None,))[0] != self.weight._version]"
)


@pytest.fixture(scope="module")
def bench():
    opened = open_bench("rtx4090", PLAN, place="emulated")
    yield opened
    opened.close()


def judged(bench, body, init="pass"):
    found = bench.evaluate(TASK, Candidate(KERNELS.replace("BODY", body).replace("INIT", init)))
    assert found.verdict is Verdict.CORRECT, found.message
    return found


def labels(bench, body, init="pass"):
    return judged(bench, body, init).labels


def test_an_honest_kernel_has_no_label_and_is_told_which_baseline_is_missing(bench):
    found = judged(bench, "self.scaled(x, self.weight)")
    assert found.labels == ()
    assert [each for each in found.notes if "torch.compile" in each]


def test_a_candidate_of_torch_alone_is_a_library(bench):
    assert labels(bench, "x * self.weight") == (Label(LabelKind.LIBRARY),)


def test_a_kernel_whose_answer_is_thrown_away_is_a_decoy(bench):
    share, decoy = labels(bench, "(self.scaled(x, self.weight), x * self.weight)[1]")
    assert decoy == Label(LabelKind.DECOY, words="scale_kernel")
    assert share.kind is LabelKind.LIBRARY_SHARE


def test_a_kernel_that_changes_nothing_beside_one_that_computes_is_the_decoy(bench):
    body = "(y := self.scaled(x, self.weight), prepare_kernel[(1,)](y, WIDTH=64))[0]"
    assert labels(bench, body) == (Label(LabelKind.DECOY, words="prepare_kernel"),)


def test_half_of_the_time_in_torch_is_said(bench):
    (share,) = labels(bench, "self.scaled(x, self.weight).clone()")
    assert share.kind is LabelKind.LIBRARY_SHARE
    assert 0.3 < share.share < 0.7


def test_weights_that_are_packed_when_they_are_loaded_are_folded(bench):
    assert labels(bench, "self.scaled(x, self.packed)", PACKED) == (Label(LabelKind.WEIGHTS_FOLDED),)


def test_weights_that_are_packed_anew_when_they_change_are_not_folded(bench):
    found = labels(bench, f"({BY_VERSION}, self.scaled(x, self.packed[1]))[1]")
    assert [each.kind for each in found] == [LabelKind.LIBRARY_SHARE]


def test_a_share_belongs_to_its_kind_and_lies_between_0_and_1():
    for kind, share in ((LabelKind.DECOY, 0.5), (LabelKind.LIBRARY_SHARE, None), (LabelKind.LIBRARY_SHARE, 1.5)):
        with pytest.raises(ValueError):
            Label(kind, share)


@pytest.mark.parametrize(
    ("library", "own", "own_ran", "found"),
    [
        (3.0, 1.0, True, (Label(LabelKind.LIBRARY_SHARE, 0.75),)),
        (0.001, 1.0, True, ()),
        (0.0, 0.0, True, ()),
        (1.0, 0.0, False, (Label(LabelKind.LIBRARY),)),
    ],
)
def test_shares(library, own, own_ran, found):
    assert of_shares(library, own, own_ran=own_ran) == Found(found)


def test_a_kernel_that_is_not_the_candidates_own_counts_as_the_librarys():
    times = {name: {"gpu__time_duration.sum": ns} for name, ns in (("mine", 1e6), ("theirs", 2e6))}
    metrics = NcuMetrics(times, CounterSource.COMPILER)
    found, ran = of_model("@triton.jit\ndef mine(): pass", Timing((4.0,), Source.MODELLED), metrics)
    assert found.labels == (Label(LabelKind.LIBRARY_SHARE, 0.75),)
    assert ran == ["mine"]


class FakeGuest:
    """Answers with these words, is right in these calls, or ends."""

    def __init__(self, details=(), ruling=None):
        self.reference = self.exchange = self
        self.details, self._ruling = list(details), ruling
        self.closed = False

    def draw_inputs(self, distribution):
        return [distribution]

    def draw_weights(self, *, again):
        assert again

    def eager(self, tensors):
        return tensors

    def packed(self, sets):
        return sets

    def put(self, packed):
        pass

    def build(self, timeout_s):
        if self._ruling:
            raise self._ruling

    def release(self, command, timeout_s):
        assert command is Command.PROFILE
        self.build(timeout_s)

    def close(self):
        self.closed = True


def test_a_profile_says_which_kernels_ran_and_how_much_is_not_theirs():
    found, ran = of_profile(FakeGuest([1000, 0, 250, 77]), ["a", "b"], 1)
    assert found.labels == (Label(LabelKind.LIBRARY_SHARE, 0.75),)
    assert ran == ["b"]


@pytest.mark.parametrize("details", [[0, 0, 0], [10, 20, 5], [10, -5, 3]])
def test_words_that_make_no_sense_are_no_share(details):
    found, ran = of_profile(FakeGuest(details), ["a", "b"], 1)
    assert found.labels == ()
    assert "not found out" in found.notes[0]
    assert ran == ["a", "b"]


def test_a_candidate_that_ends_under_the_profiler_is_still_what_it_was():
    found, _ = of_profile(FakeGuest(ruling=Ruling(Verdict.CRASHED, "it fell")), [], 1)
    assert found == Found(notes=("library share: not found out, profiled, it gave no answer: crashed: it fell",))


def decoys(monkeypatch, guests, kernels, most=8, right=lambda guest: True):
    monkeypatch.setattr(labelling, "_right", lambda guest, *_: right(guest))
    trial = Trial(guests.__getitem__, FakeGuest(), Errors(0, 0, 0, 0, True), PLAN)
    return labelling.decoys(trial, kernels, most)


def test_a_decoy_would_have_been_launched_and_is_not_needed(monkeypatch):
    crashed = Ruling(Verdict.CRASHED, "no")
    guests = {"idle": FakeGuest([1]), "never launched": FakeGuest([0]), "needed": FakeGuest(ruling=crashed)}
    found = decoys(monkeypatch, guests, list(guests))
    assert found == Found((Label(LabelKind.DECOY, words="idle"),))
    assert all(each.closed for each in guests.values())


def test_a_kernel_that_one_kind_of_inputs_needs_is_no_decoy(monkeypatch):
    answers = iter([True, False])
    assert decoys(monkeypatch, {"a": FakeGuest([1])}, ["a"], right=lambda guest: next(answers)) == Found()


def test_kernels_that_are_not_tried_are_named(monkeypatch):
    found = decoys(monkeypatch, {"a": FakeGuest([1])}, ["a", "b", "c"], most=1)
    assert found.notes == ("decoy or not: not tried of b, c; at most 1 kernels are taken away here",)
    assert decoys(monkeypatch, {}, []) == Found()
