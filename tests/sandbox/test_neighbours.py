from climbing import PLAN, nursery, text

from sandbox.evaluation import Candidate
from sandbox.ladder import Distribution
from sandbox.neighbours import Neighbour, neighbouring
from sandbox.survey import refused
from tasks.resize import constants
from tasks.task import Task

HEADS = text("x.reshape(rows, heads, -1).softmax(-1).reshape(rows, width)", "torch.rand(rows, width)").replace(
    "import torch\n", "import torch\nrows = 16\nheads = 4\nwidth = 64\n", 1
)


def test_sizes_grow_by_one_where_the_reference_still_runs():
    assert constants(neighbouring(HEADS)) == {"rows": 17, "heads": 4, "width": 64}


def test_a_candidate_for_one_shape_is_told_from_one_for_any():
    task = Task("tests/heads", HEADS, small_sizes={})
    neighbour = Neighbour(task, nursery())
    general = HEADS.replace("class Model", "class ModelNew").replace("reshape(rows", "reshape(len(x)")
    special = general.replace("reshape(len(x), heads", "reshape(16, heads")
    assert neighbour.against(Candidate(general), PLAN) == ""
    assert "wrong on" in neighbour.against(Candidate(special), PLAN)


def test_rungs_that_a_reference_refuses_are_known_before():
    picky = text("F.binary_cross_entropy(x, x)", "torch.rand(8, 8)")
    assert refused(Task("tests/picky", picky, small_sizes={})) >= {Distribution.NORMAL, Distribution.SPIKE}
    assert refused(Task("tests/heads", HEADS, small_sizes={})) == frozenset()
