import pytest
import torch
from torch import nn

from sandbox.child.weights import UnmatchedError, load, match


def known(model):
    parameters = {name for name, _ in model.named_parameters()}
    return [(name, name in parameters, tuple(each.shape)) for name, each in model.state_dict().items()]


class Holder(nn.Module):
    def __init__(self, **tensors):
        super().__init__()
        for name, each in tensors.items():
            setattr(self, name, nn.Parameter(each))


def test_equal_names_match_whatever_the_order():
    theirs, mine = Holder(a=torch.ones(2), b=torch.zeros(2)), Holder(b=torch.empty(2), a=torch.empty(2))
    matching = match(mine, known(theirs))
    load(mine, matching, theirs.state_dict())
    assert matching.counts == [2, 0, 0, 0]
    assert mine.a.tolist() == [1, 1]
    assert mine.b.tolist() == [0, 0]


def test_other_names_match_by_shape_and_in_order():
    theirs = Holder(a=torch.ones(2), b=torch.zeros(2), c=torch.full((3, 2), 5.0))
    mine = Holder(weight=torch.empty(3, 2), first=torch.empty(2), second=torch.empty(2))
    matching = match(mine, known(theirs))
    load(mine, matching, theirs.state_dict())
    assert matching.counts == [0, 3, 0, 0]
    assert (mine.first.tolist(), mine.second.tolist(), mine.weight[0, 0].item()) == ([1, 1], [0, 0], 5)


def test_a_name_with_another_shape_is_no_match():
    with pytest.raises(UnmatchedError, match=r"a \[3, 2\].*reference has a \[2, 3\]"):
        match(Holder(a=torch.empty(3, 2)), known(Holder(a=torch.empty(2, 3))))


def test_two_of_a_shape_for_one_are_not_guessed():
    with pytest.raises(UnmatchedError, match="x.*y"):
        match(Holder(x=torch.empty(2), y=torch.empty(2)), known(Holder(a=torch.empty(2))))


def test_a_candidate_without_weights_leaves_all_unused():
    assert match(Holder(), known(nn.BatchNorm1d(4))).counts == [0, 0, 0, 5]


def test_a_buffer_of_its_own_stays_as_built():
    mine = Holder(a=torch.zeros(2))
    mine.register_buffer("workspace", torch.full((9,), 7.0))
    matching = match(mine, known(Holder(a=torch.ones(2))))
    load(mine, matching, {"a": torch.ones(2)})
    assert matching.counts == [1, 0, 1, 0]
    assert mine.workspace.tolist() == [7.0] * 9


def test_a_buffer_does_not_take_a_parameters_weight():
    mine = Holder()
    mine.register_buffer("table", torch.zeros(2))
    assert match(mine, known(Holder(a=torch.ones(2)))).counts == [0, 0, 1, 1]


def test_packing_hooks_see_new_weights():
    class Packing(Holder):
        def _load_from_state_dict(self, *arguments):
            super()._load_from_state_dict(*arguments)
            self.packed = self.a.detach() * 2

    mine = Packing(a=torch.zeros(2))
    load(mine, match(mine, known(Holder(a=torch.ones(2)))), {"a": torch.ones(2)})
    assert mine.packed.tolist() == [2, 2]
