import pytest
import torch
from climbing import reference_of, text

from sandbox.input_set import known_of, prepared, unseen
from sandbox.ladder import Distribution
from sandbox.orders import appeals

ROWS = "torch.rand(16, 64)"


@pytest.mark.parametrize(
    ("forward", "distribution", "reason"),
    [
        ("x.exp()", Distribution.THOUSAND, "eager overflows"),
        ("torch.softmax(x, -1)", Distribution.MICRO, "its answer is constant"),
        ("x.log()", Distribution.NORMAL, ""),
        ("torch.sin(x * 1e4)", Distribution.MEGA, "eager itself is far off"),
        ("torch.sin(x * 10)", Distribution.MEGA, "eager itself is far off"),
        ("F.binary_cross_entropy(x, x)", Distribution.NORMAL, "the reference raises"),
        ("x / 0", Distribution.NORMAL, "no answer is finite"),
        ("(x > 1e9)", Distribution.NORMAL, "its answer is constant"),
        ("torch.softmax(x, -1)", Distribution.MEGA, ""),
        ("torch.softmax(x, -1)", Distribution.SPIKE, ""),
    ],
)
def test_a_set_says_why_it_says_nothing(forward, distribution, reason):
    assert prepared(reference_of(text(forward, ROWS)), distribution).silent == reason


@pytest.mark.parametrize("distribution", [each for each in Distribution if each is not Distribution.MICRO])
def test_a_plain_product_is_judged_on_every_rung(distribution):
    product = text("a @ b", "torch.rand(32, 48), torch.rand(48, 32)")
    assert prepared(reference_of(product, tf32=True), distribution).silent == ""
    assert prepared(reference_of(product), distribution).silent == ""


def test_the_tasks_own_inputs_always_count():
    assert prepared(reference_of(text("torch.sin(x * 1e9)", ROWS)), Distribution.OWN).silent == ""


def test_attention_whose_largest_scores_lie_too_close_for_tf32_says_nothing():
    scores = text("torch.softmax(a @ b / 1e4, -1) @ b.t()", "torch.rand(4096, 32), torch.rand(32, 64)")
    assert prepared(reference_of(scores, tf32=True), Distribution.THOUSAND).silent


def test_a_mutation_is_seen_in_the_truth_or_said_not_to_be():
    reference = reference_of(text("torch.relu(x) - 1", ROWS))
    before = known_of(reference, [-torch.ones(16, 64)])
    assert unseen(before, known_of(reference, [-torch.full((16, 64), 2.0)]), 3.0)
    assert not unseen(before, known_of(reference, [torch.ones(16, 64)]), 3.0)


def test_an_appeal_moves_the_weights_by_a_last_place_and_puts_them_back():
    reference = reference_of(text("x + self.bias", ROWS, "self.bias = nn.Parameter(torch.rand(64) + 1)"))
    kept, tensors = reference.kept_weights()["bias"], reference.draw_inputs(Distribution.MICRO)
    eager = reference.eager(tensors)[0]
    off = [(answer - eager).abs().max().item() for (answer,) in appeals(reference, tensors)]
    assert 1e-8 < max(off) < 1e-6
    assert torch.equal(reference.state["bias"], kept)
    with reference.weights_as(lambda weights: [each * 0 for each in weights]):
        assert float(reference.eager(tensors)[0].abs().max()) < 1e-4
    assert torch.equal(reference.state["bias"], kept)
