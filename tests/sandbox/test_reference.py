"""What is known of a reference before it is called for its answers."""

import pytest

from sandbox.reference import Reference
from tasks.task import Task

SOURCE = """
import torch
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(8))
    def forward(self, x, y): {body}
def get_inputs(): return [torch.rand(4, 8), torch.rand(4, 8)]
def get_init_inputs(): return []
"""


@pytest.mark.parametrize(
    ("body", "views"),
    [
        ("return x.t()[1:]", True),
        ("return x.unflatten(1, (2, 4)), self.weight[::2]", True),
        ("return x", True),
        ("return x + 0", False),
        ("return x.t(), y.t().contiguous()", False),
        ("return torch.cat((x, y))", False),
    ],
)
def test_a_reference_takes_nothing_if_all_it_returns_lies_there_already(body, views):
    source = SOURCE.format(body=body)
    assert Reference(Task("tests/views", source), source, "cpu").returns_views() is views
