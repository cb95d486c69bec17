import torch
from climbing import reference_of, text

from sandbox.bank import LIVES, Bank
from sandbox.ladder import Distribution

SCALED = text("x * self.w", "torch.rand(8, 40)", "self.w = nn.Parameter(torch.rand(40))")


def weights(reference):
    return reference.state["w"].clone()


def test_a_set_is_kept_for_its_weights_and_distribution():
    bank = Bank(reference_of(SCALED))
    bank.next_candidate()
    own, normal = bank.prepared(Distribution.OWN), bank.prepared(Distribution.NORMAL)
    assert bank.prepared(Distribution.OWN) is own
    bank.take_weights(1)
    assert bank.prepared(Distribution.OWN) is not own
    bank.take_weights(0)
    assert bank.prepared(Distribution.NORMAL) is normal


def test_kept_weights_come_back_and_the_truth_belongs_to_them():
    reference = reference_of(SCALED)
    bank = Bank(reference)
    bank.next_candidate()
    first = weights(reference)
    bank.take_weights(1)
    second = weights(reference)
    bank.next_candidate()
    assert torch.equal(weights(reference), first)
    bank.take_weights(1)
    assert torch.equal(weights(reference), second)
    found = bank.prepared(Distribution.NORMAL)
    assert torch.allclose(found.known[0].truth, found.tensors[0].double() * second.double())


def test_all_is_drawn_anew_after_a_few_candidates():
    reference = reference_of(SCALED)
    bank, seen = Bank(reference), []
    for _ in range(LIVES + 1):
        bank.next_candidate()
        seen.append((weights(reference), bank.prepared(Distribution.OWN)))
    assert all(torch.equal(seen[0][0], each[0]) and seen[0][1] is each[1] for each in seen[:LIVES])
    assert not torch.equal(seen[0][0], seen[LIVES][0])
    assert not torch.equal(seen[0][1].tensors[0], seen[LIVES][1].tensors[0])


def test_what_does_not_fit_is_drawn_each_time():
    bank = Bank(reference_of(SCALED), limit_bytes=100)
    assert bank.prepared(Distribution.OWN) is not bank.prepared(Distribution.OWN)
