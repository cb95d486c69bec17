"""What the reference costs, operator by operator, from shapes alone."""

import pytest

from sandbox.operators import trace
from tasks.program import load
from tasks.task import TaskError


def operators(forward, inputs, init=""):
    source = f"""
import torch
import torch.nn.functional as F
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        {init or "pass"}
    def forward(self, *x): {forward}
def get_inputs(): return [{inputs}]
def get_init_inputs(): return []
"""
    return trace(load(source, "test"))


def test_a_convolution_counts_its_products_and_each_tensor_once():
    (conv,) = operators("return self.c(x[0])", "torch.rand(2, 8, 10, 10)", "self.c = torch.nn.Conv2d(8, 16, 3)")
    outputs = 2 * 16 * 8 * 8
    assert conv.tensor_core
    assert (conv.flops, conv.reduction) == (2 * outputs * 72, 72)
    assert conv.bytes_read == 4 * (2 * 8 * 100 + 16 * 72 + 16)
    assert conv.bytes_written == 4 * outputs


def test_views_and_allocations_cost_nothing():
    found = operators("return F.relu(x[0].t().reshape(-1, 2)[1:].view(-1))", "torch.rand(4, 6)")
    assert [each.name for each in found] == ["aten.clone", "aten.relu"]


def test_a_broadcast_operand_is_read_once():
    (added,) = operators("return x[0] + x[1].expand(100, 64)", "torch.rand(100, 64), torch.rand(64)")
    assert added.bytes_read == 4 * (6400 + 64)
    assert added.flops == 6400


@pytest.mark.parametrize(
    ("forward", "length"),
    [
        ("return x[0].sum(-1)", 64),
        ("return F.softmax(x[0], -1)", 64),
        ("return F.layer_norm(x[0], (8, 64))", 512),
        ("return F.group_norm(x[0], 2)", 256),
        ("return x[0] @ x[0].transpose(1, 2)", 64),
        ("return x[0] * 2", 1),
    ],
)
def test_the_longest_sum_is_known(forward, length):
    assert max(each.reduction for each in operators(forward, "torch.rand(4, 8, 64)")) == length


def test_attention_is_one_kernel_as_on_a_card():
    (found,) = operators("return F.scaled_dot_product_attention(x[0], x[0], x[0])", "torch.rand(2, 4, 128, 64).half()")
    assert found.tensor_core
    assert found.dtype == "float16"
    assert found.flops == 4 * 2 * 4 * 128 * 128 * 64
    assert found.bytes_written == 2 * 2 * 4 * 128 * 64


def test_sizes_that_no_memory_holds_are_no_problem():
    (found,) = operators("return x[0] + 1", "torch.rand(1 << 20, 1 << 20)")
    assert found.bytes_written == 4 << 40


def test_a_reference_that_raises_is_the_tasks_fault():
    with pytest.raises(TaskError, match="test: forward raises RuntimeError"):
        operators("return x[0] @ x[0]", "torch.rand(3, 4)")
