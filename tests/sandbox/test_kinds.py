import pytest

from sandbox.kinds import kind_of
from tasks.catalog import find
from tasks.task import Kind, Task

EXAMPLES = {each.id.removeprefix("examples/"): each for each in find("examples/*")}
NETWORKS = {"attention_block", "lstm_cell", "mlp_block"}
SINGLE = {"cumsum", "layer_norm", "matmul", "max_pool2d", "softmax", "sum_reduction"}
SAID = {"gelu_chain", "rms_norm"}
"""Written out as chains, and meant as one operator."""


def text(forward, init="pass"):
    return (
        "import torch\nfrom torch import nn\nclass Model(nn.Module):\n"
        f"    def __init__(self):\n        super().__init__()\n        {init}\n"
        f"    def forward(self, x):\n        return {forward}\n"
        "def get_inputs(): return [torch.rand(8, 8)]\ndef get_init_inputs(): return []\n"
    )


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_example_is_of_the_kind_that_its_graph_shows_or_its_set_says(name):
    expected = Kind.NETWORK if name in NETWORKS else Kind.SINGLE if name in SINGLE | SAID else Kind.FUSION
    assert kind_of(EXAMPLES[name]) is expected
    assert (EXAMPLES[name].kind is not None) == (name in SAID), "what the graph shows needs not be said"


@pytest.mark.parametrize(
    ("forward", "init", "kind"),
    [
        ("torch.relu(x).t().contiguous()", "pass", Kind.SINGLE),
        ("torch.relu(x) * torch.ones(8, device=x.device)", "pass", Kind.FUSION),
        ("self.layers(x)", "self.layers = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8))", Kind.FUSION),
        ("self.layers(x)", "self.layers = nn.Sequential(*(nn.Linear(8, 8) for _ in range(3)))", Kind.NETWORK),
        ("x[x > 0].sum() if x.sum() > 0 else x", "pass", Kind.FUSION),
    ],
)
def test_products_make_a_network_and_one_operator_stands_alone(forward, init, kind):
    assert kind_of(Task("tests/kind", text(forward, init))) is kind


def test_what_the_user_says_wins():
    assert kind_of(Task("tests/kind", text("torch.relu(x)"), kind=Kind.NETWORK)) is Kind.NETWORK
