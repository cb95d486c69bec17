import torch

from sandbox.inputs import drawn_like, fresh_key, perturbed, seeded
from sandbox.ladder import Distribution


def test_the_same_key_draws_the_same_and_another_key_another():
    def draw(key):
        with seeded(key):
            return torch.rand(8)

    one, other = fresh_key(), fresh_key()
    assert torch.equal(draw(one), draw(one))
    assert not torch.equal(draw(one), draw(other))


def test_the_callers_random_state_is_put_back():
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    with seeded(fresh_key()):
        torch.rand(100)
    assert torch.equal(torch.rand(4), expected)


def test_only_floating_inputs_become_normal():
    indices, values = torch.arange(5), torch.rand(1000) + 5
    same, drawn = drawn_like([indices, values], Distribution.NORMAL, fresh_key())
    assert torch.equal(same, indices)
    assert abs(float(drawn.mean())) < 0.3
    assert drawn.min() < 0


def test_no_float_weight_stays_as_it_was():
    norm = torch.nn.BatchNorm1d(64)
    moved = perturbed(norm.state_dict(), {"weight", "bias"}, fresh_key())
    assert not torch.equal(moved["weight"], norm.weight)
    assert not torch.equal(moved["bias"], norm.bias)
    assert moved["num_batches_tracked"] == 0
    assert (moved["running_var"] > 0).all()


def test_a_weight_moves_in_proportion_to_its_spread():
    wide = {"w": torch.randn(10000) * 50}
    moved = perturbed(wide, {"w"}, fresh_key())["w"] - wide["w"]
    assert 8 < float(moved.std()) < 12
