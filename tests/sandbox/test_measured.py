"""The measuring trial's steps, on the host: all but the card itself is the same there."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
import torch

from sandbox import clock, event_time, measured, sitting
from sandbox.bank import Bank
from sandbox.child import load
from sandbox.clock import null_source
from sandbox.cold import Cold
from sandbox.devices import choose
from sandbox.duel import Judged
from sandbox.evaluation import BaselineName, Candidate, Errors, Source, Timing, Verdict
from sandbox.exchange import Snapshot
from sandbox.floor import floor_ms
from sandbox.footprint import footprint_of
from sandbox.health import NoCard
from sandbox.labels import Label, LabelKind
from sandbox.ladder import Tier, steps
from sandbox.legs import fight
from sandbox.measured import Measurer
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.sitting import Copies, Sitting
from sandbox.spares import Nursery
from sandbox.wire import MeasurePlan
from tasks.task import Task

REFERENCE = """
import torch
class Model(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = torch.nn.Linear(width, width)
    def forward(self, x, index):
        y = torch.relu(self.linear(x))
        return y, y.argmax(-1), index + 1
def get_inputs(): return [torch.rand(16, 64), torch.randint(0, 9, (7,))]
def get_init_inputs(): return [64]
"""
PLACE = choose("rtx4090", "emulated")
PLAN = MeasurePlan(min_samples=4, max_samples=8, max_noise=9.0, build_timeout_s=60, run_timeout_s=30)


@pytest.fixture(scope="module", params=[1, 3], ids=["one call a run", "bursts of three"])
def measurer(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "Cold", lambda gpu: Cold(None))
        patch.setattr(event_time, "copies", lambda reference, gpu, sets: Copies(0.001, 0.001))
        # How this host's own noise compares with its time for the reference is not asked here.
        patch.setattr(sitting, "sitting_of", lambda null, copies: Sitting(0.001))
        patch.setattr(sitting, "RAGGED", 1e3)
        patch.setattr(sitting, "RUN_MS", 1e4)
        reference = Reference(Task("tests/three", REFERENCE), REFERENCE, "cpu")
        nursery = Nursery(PLACE, 1, NoCard().settled)
        yield Measurer(reference, PLAN, nursery, request.param)
        nursery.close()


def evaluate(measurer, candidate):
    bank = Bank(measurer.reference)
    bank.next_candidate()
    return measurer.evaluate(candidate, bank)


def test_the_reference_is_timed_beside_a_candidate_that_is_right(measurer, monkeypatch):
    monkeypatch.setattr(measurer._rig, "doubts", lambda timing: (f"doubtful: {len(timing.samples_ms)}",))
    found = evaluate(measurer, Candidate(REFERENCE.replace("Model", "ModelNew")))
    assert found.verdict is Verdict.CORRECT
    assert found.timing.source is Source.MEASURED
    assert 4 <= len(found.timing.samples_ms) <= 8
    assert found.timing.burst == measurer._rig._sets
    assert found.eager is measurer.eager
    assert found.timing.overhead_ms > 0
    assert f"doubtful: {len(found.timing.samples_ms)}" in found.notes


def test_runs_at_a_low_clock_of_the_card_are_not_among_the_samples(measurer, monkeypatch):
    clocks = [900.0, *([1980.0] * 200)]
    monkeypatch.setattr(clock.nvml, "sm_clock_mhz", lambda: clocks.pop(0))
    timing = evaluate(measurer, Candidate(REFERENCE.replace("Model", "ModelNew"))).timing
    assert timing.sm_clock_mhz == 1980.0
    assert len(timing.samples_ms) == 200 - len(clocks)


def test_a_run_that_is_wrong_only_while_it_is_timed_is_found(measurer):
    checked = len(steps(Tier.FULL, on_card=False))
    source = REFERENCE.replace("Model", "ModelNew").replace(
        "        y = torch.relu",
        "        self.calls = getattr(self, 'calls', 0) + 1\n"
        f"        if self.calls > {checked}: x = x * 1.001\n        y = torch.relu",
    )
    with pytest.raises(Ruling, match="a timed run") as ruled:
        evaluate(measurer, Candidate(source))
    assert ruled.value.verdict is Verdict.WRONG


@pytest.mark.parametrize("together_bytes", [1, 1 << 30], ids=["one by one", "together"])
@pytest.mark.parametrize("bad", [None, 0, 1, 2])
def test_each_call_of_a_burst_is_checked_against_eager_on_its_own_inputs(measurer, monkeypatch, bad, together_bytes):
    monkeypatch.setattr(measured, "_TOGETHER_BYTES", together_bytes)
    reference = measurer.reference
    sets = reference.draw_sets(3)
    answers = Snapshot(
        torch.zeros(3, reference.size - reference.outputs_start, dtype=torch.uint8), reference.outputs_start
    )
    for slot, made in zip(reference.outputs, zip(*map(reference.eager, sets), strict=True), strict=True):
        answers.tensors(slot).copy_(torch.stack(made))
    if bad is not None:
        answers.tensors(reference.outputs[0])[bad, 3] += 0.1
    check = measurer._check_against(Errors(0.0, 1e-6, 0.0, 1e-6, allclose=True))
    with nullcontext() if bad is None else pytest.raises(Ruling, match="a timed run"):
        check(sets, answers)


def test_integer_outputs_are_checked_too(measurer):
    with pytest.raises(Ruling, match="output 2: 1 of 7 elements") as ruled:
        evaluate(
            measurer,
            Candidate(
                REFERENCE.replace("Model", "ModelNew").replace(
                    "index + 1", "(index + 1).scatter_add(0, torch.tensor([3]), torch.tensor([1]))"
                )
            ),
        )
    assert ruled.value.verdict is Verdict.WRONG


def test_the_null_candidate_launches_a_kernel_and_has_the_references_outputs(measurer, tmp_path, monkeypatch):
    module = load.imported(null_source(measurer.reference).replace("device='cuda'", "device='cpu'"), tmp_path)
    launched = []
    monkeypatch.setattr(module, "nothing", {(1,): lambda: launched.append("once")})
    made = module.ModelNew(64).forward()
    assert launched == ["once"]
    assert [(each.shape, each.dtype) for each in made] == [
        ((16, 64), torch.float32),
        ((16,), torch.int64),
        ((7,), torch.int64),
    ]


def test_a_challenger_that_is_wrong_in_its_duel_is_out(measurer):
    eager = Candidate(REFERENCE.replace("Model", "ModelNew"))
    wrong = Candidate(eager.source.replace("return y, y.argmax(-1)", "return y, y.argmin(-1)"))
    found = fight(measurer, Judged(eager, evaluate(measurer, eager)), wrong)
    assert (found.challenger.verdict, found.comparison) == (Verdict.WRONG, None)


def test_an_incumbent_that_was_lucky_once_has_fallen(measurer):
    eager = Candidate(REFERENCE.replace("Model", "ModelNew"))
    lucky = Candidate(eager.source.replace("index + 1", "index + 2"))
    found = fight(measurer, Judged(lucky, evaluate(measurer, eager)), eager)
    assert found.comparison.wins
    assert found.comparison.fallen.startswith("wrong: ")


def test_a_time_below_what_the_memory_allows_is_not_believed(measurer):
    with pytest.raises(Ruling) as ruled:
        measurer._check_floor(Timing((floor_ms(footprint_of(measurer.reference), PLACE.gpu) / 2,), Source.MEASURED))
    assert ruled.value.verdict is Verdict.IMPLAUSIBLE


def test_the_floor_counts_inputs_and_weights_and_what_the_cache_cannot_hold(measurer):
    gpu = PLACE.gpu
    inputs_and_weights = 16 * 64 * 4 + 7 * 8 + 64 * 64 * 4 + 64 * 4
    assert floor_ms(footprint_of(measurer.reference), gpu) == pytest.approx(
        inputs_and_weights / (gpu.dram_gb_per_s * 1e6)
    )


def test_labels_and_baselines_are_found_after_the_timed_runs(measurer):
    plan = replace(PLAN, labels=True, baselines=tuple(BaselineName), compile_timeout_s=60)
    thorough = Measurer(measurer.reference, plan, measurer._rig.nursery, measured_gb_per_s=1.0)
    packed = REFERENCE.replace("Model", "ModelNew").replace("self.linear(x)", "x @ self.packed.T + self.linear.bias")
    hook = "self.register_load_state_dict_post_hook(lambda m, _: setattr(m, 'packed', m.linear.weight.data.clone()))"
    source = packed.replace("(width, width)\n", f"(width, width)\n        {hook}\n")
    found = evaluate(thorough, Candidate(source))
    assert Label(LabelKind.WEIGHTS_FOLDED) in found.labels
    assert any("library share: not found out" in each for each in found.notes)  # no card, no profile
    assert [each.name for each in found.baselines] == [BaselineName.COMPILE, BaselineName.MAX_AUTOTUNE]
    assert all(len(each.timing.samples_ms) >= 4 for each in found.baselines)
    assert found.floor_ms == pytest.approx((16 * 64 * 4 + 7 * 8 + 64 * 64 * 4 + 64 * 4) / 1e6)
