"""The staged policy: which move follows which past."""

import pytest
from fakes import STAGES, TASK, FakeStage, correct

from agent.attempt import Attempt, Proposal
from agent.history import History
from agent.policies import staged
from prompts.stage import StageKind
from sandbox.comparison import Comparison, Outcome
from sandbox.evaluation import Candidate, Evaluation, Verdict

NO_FAILURE = (Verdict.CORRECT, Verdict.PLANNED, Verdict.UNJUDGED)


def past(*turns):
    """A history of ``stage outcome`` words; an outcome is a verdict, or best, tie for correct ones."""
    history = History(TASK)
    for number, turn in enumerate(turns):
        stage, outcome = turn.split()
        first = history.best is None
        comparison, evaluation = None, None
        if outcome in ("best", "tie"):
            evaluation = correct(1.0)
            result = Outcome.FASTER if outcome == "best" else Outcome.TIE
            comparison = None if first else Comparison(result, 1.0, 1.0, 1.0)
        evaluation = evaluation or Evaluation(Verdict(outcome))
        attempt = Attempt(number, Proposal(stage), None, None, None, Candidate(str(number)), evaluation, comparison)
        history = history.plus(attempt)
    return history


def next_move(*turns, stages=STAGES, **options):
    moves = staged.make(stages, **options).propose(past(*turns))
    return " ".join([moves[0].stage, *map(str, moves[0].parents)]) if moves else None


def test_it_begins_with_a_seed():
    assert next_move() == "seed"


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in NO_FAILURE])
def test_any_failure_is_repaired(verdict):
    assert next_move(f"seed {verdict}") == "repair 0"


def test_the_latest_failure_is_repaired_three_times_in_a_row():
    tries = ["seed wrong", "repair broken", "repair crashed", "repair wrong"]
    assert [next_move(*tries[: n + 1]) for n in range(4)] == ["repair 0", "repair 1", "repair 2", "seed"]


def test_two_seeds_without_a_correct_kernel_end_it():
    tries = ["seed wrong", "repair wrong"]
    assert next_move(*tries, *tries, repairs=1) is None
    assert next_move(*tries, *tries, repairs=1, seeds=3) == "seed"


def test_what_this_place_cannot_judge_is_not_repaired():
    assert next_move("seed unjudged") == "seed"
    assert next_move("seed best", "grid unjudged") == "tiling 0"


def test_stages_follow_in_their_order_from_the_best():
    assert next_move("seed best") == "grid 0"
    assert next_move("seed best", "grid tie") == "tiling 0"
    assert next_move("seed best", "grid tie", "tiling best") == "memory 2"


def test_the_order_is_the_stages_own_and_not_the_librarys():
    assert next_move("seed best", stages=STAGES[::-1]) == "grid 0"


def test_a_failed_stage_is_repaired_and_then_left_for_the_next_one_from_the_best():
    tries = ["seed best", "grid wrong", "repair wrong"]
    assert next_move(*tries[:2], repairs=1) == "repair 1"
    assert next_move(*tries, repairs=1) == "tiling 0"


def test_repairs_are_counted_anew_for_each_failure():
    assert next_move("seed wrong", "repair best", "grid wrong", repairs=1) == "repair 2"


def test_after_the_last_stage_it_goes_round_again_as_often_as_it_was_told():
    one = ["seed best", "grid tie", "tiling tie", "memory tie"]
    assert next_move(*one) == "grid 0"
    assert next_move(*one, passes=1) is None
    assert next_move(*one, *one[1:], passes=2) is None
    assert next_move(*one, *one[1:], passes=3) == "grid 0"
    assert next_move("seed best", passes=0) is None


def test_a_stage_whose_counters_say_that_it_is_done_is_skipped():
    grid_done = (*STAGES[:2], FakeStage("grid", StageKind.IMPROVE, 1, done=True), *STAGES[3:])
    assert next_move("seed best", stages=grid_done) == "tiling 0"
    assert next_move("seed best", "tiling tie", "memory tie", stages=grid_done) == "tiling 0"


def test_when_one_stage_is_open_each_asking_of_it_is_a_pass():
    only_memory = (*STAGES[:2], STAGES[4])
    assert next_move("seed best", "memory tie", stages=only_memory, passes=2) == "memory 0"
    assert next_move("seed best", "memory tie", "memory tie", stages=only_memory, passes=2) is None


def test_with_every_stage_done_nothing_is_left():
    assert next_move("seed best", stages=STAGES[:2]) is None


def test_a_brought_kernel_takes_the_seeds_place_until_it_is_beyond_repair():
    assert next_move("given best") == "grid 0"
    assert next_move("given wrong") == "repair 0"
    assert next_move("given wrong", "repair wrong", repairs=1) == "seed"


def test_ten_attempts_are_all_used_by_default():
    turns = ["seed best"]
    while (move := next_move(*turns)) and len(turns) < 10:
        turns.append(f"{move.split()[0]} tie")
    assert len(turns) == 10


@pytest.mark.parametrize("options", [{"repairs": -1}, {"passes": -1}, {"seeds": -1}])
def test_a_number_that_makes_no_sense_is_refused(options):
    with pytest.raises(ValueError, match="negative"):
        staged.make(STAGES, **options)


def test_a_library_without_a_repair_stage_is_refused():
    with pytest.raises(ValueError, match="repair"):
        staged.make(STAGES[:1])
