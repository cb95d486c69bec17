"""Task lint on a card: at full size, with the card's own memory and atomics. Run it with ``make gpu-test``."""

import pytest

from sandbox.trial import open_bench
from sandbox.wire import MeasurePlan
from tasks.catalog import find
from tasks.flaw import Flaw
from tasks.task import Task

pytestmark = pytest.mark.gpu

SOURCE = """
import torch


class Model(torch.nn.Module):
    def forward(self, x, y):
        BODY


def get_inputs():
    return [torch.randn(ROWS, 1024), torch.randn(ROWS, 1024)]


def get_init_inputs():
    return []
"""


@pytest.fixture(scope="module")
def bench():
    opened = open_bench(None, MeasurePlan(), place="cuda")
    yield opened
    opened.close()


def flaws(bench, body, rows=4096):
    source = SOURCE.replace("BODY", body).replace("ROWS", str(rows))
    return [each.flaw for each in bench.lint(Task("tests/flawed", source))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return (x + y).sin()", []),
        ("return x.sin() + 0 * y", [Flaw.INPUT_BLIND]),
        ("return torch.relu(-x.abs() - y.abs())", [Flaw.ZERO]),
        ("return torch.nn.functional.dropout(x + y, 0.5)", [Flaw.NON_DETERMINISTIC]),
        ("return x.add_(y).sin()", [Flaw.MUTATES]),
        (
            "at = torch.arange(x.numel(), device=x.device) % 64; "
            "return torch.zeros(64, device=x.device).index_add_(0, at, (x + y).flatten())",
            [Flaw.NON_DETERMINISTIC],
        ),
    ],
)
def test_a_flaw_is_found(bench, body, expected):
    assert flaws(bench, body) == expected


def test_what_no_card_holds_is_never_begun(bench):
    assert flaws(bench, "return x + y", rows=1 << 28) == [Flaw.TOO_LARGE]


def test_a_task_whose_eager_run_overflows_the_card_is_too_large_and_the_next_one_is_fine(bench):
    rows = int(0.15 * bench.gpu.dram_gb * 1e9) // 4 // 1024  # inputs of 0.3 of the card, and 0.9 as weighed
    hidden = "x.max().item(); return torch.cat([x, y, x, y])"  # looks at values, so that shapes alone do not tell
    assert flaws(bench, hidden, rows=rows) == [Flaw.TOO_LARGE]
    assert flaws(bench, "return x.sin() * y") == []


def test_our_own_tasks_are_clean_at_full_size(bench):
    found = {each.id: [one for one in bench.lint(each) if one.flaw not in each.flaws] for each in find("examples")}
    assert {name: findings for name, findings in found.items() if findings} == {}
