"""A turn whose reply is mended before it is judged: the attempt says so, wherever its facts are told."""

import io
from dataclasses import replace

from fakes import EMULATED, STAGES, TASK, FakeLibrary, correct, tools
from rich.console import Console

from agent import inventory, json_lines, report, story
from agent.attempt import Attempt, Proposal
from agent.budget import Budget
from agent.config import RunConfig
from agent.history import History
from agent.journal import Journal
from agent.llm import Move, Reply
from agent.loop import optimize
from agent.policies import staged
from agent.run import Run, begin
from agent.turn import exhibit
from prompts.mending import known_mends
from sandbox.codec import decode, encode
from sandbox.evaluation import Candidate

FORGOT = "class ModelNew:\n    '8 ms'\n\n    def forward(self):\n        return math.pi\n"
MOVE = Move(TASK.id, "seed", (), 0)
ASKED = Attempt(0, Proposal("seed"), MOVE, None, Reply(""), Candidate("x"), correct(4.0))
MENDED = replace(ASKED, mends=("missing_import", "missing_jit"))


def printed(call, *arguments):
    stream = io.StringIO()
    call(Console(file=stream, width=200), *arguments)
    return stream.getvalue()


def test_what_is_judged_and_kept_is_the_mended_source_and_the_reply_stays_as_it_was(tmp_path):
    with Journal(tmp_path) as journal, Run(journal, begin(journal, TASK, EMULATED, config="{}")) as run:
        made = tools(f"```python\n{FORGOT}```", library=FakeLibrary())
        (attempt,) = optimize(run, staged.make(STAGES), Budget(attempts=1), made).attempts
    assert attempt.candidate.source == f"import math\n{FORGOT}"
    assert attempt.mends == ("missing_import",)
    assert made.bench.evaluated == [attempt.candidate.digest]
    assert "import math" not in attempt.reply.text
    assert exhibit(attempt).mends == attempt.mends


def test_an_attempt_written_before_there_were_mends_is_read():
    old = encode(MENDED)
    assert decode(Attempt, old) == MENDED
    del old["mends"]
    assert decode(Attempt, old) == ASKED


def test_the_table_the_story_and_the_line_name_the_rules():
    history = History(TASK).plus(MENDED)
    names = "mended: missing_import, missing_jit"
    assert names in printed(lambda console: console.print(report.attempts(history)))
    assert f"kernel that was judged; {names}" in printed(story.of_attempt, MENDED)
    assert json_lines.attempt("run", history, MENDED)["mends"] == ["missing_import", "missing_jit"]
    assert "mended" not in printed(story.of_attempt, ASKED)


def test_mends_are_listed_with_what_they_do(tmp_path):
    _, rows = inventory.of("mends", tmp_path, RunConfig())
    assert [name for name, _ in rows] == list(known_mends())
    assert all(words for _, words in rows)
