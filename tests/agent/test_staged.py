"""The staged policy: which move follows which past."""

from dataclasses import replace

import pytest
from fakes import ALL_STAGES, PLAN, STAGES, TASK, FakeStage, correct

from agent.attempt import Attempt, Proposal
from agent.history import History
from agent.policies import staged
from prompts.stage import StageKind
from sandbox.comparison import Comparison, Outcome
from sandbox.evaluation import Candidate, Evaluation, Verdict

NO_FAILURE = (Verdict.CORRECT, Verdict.PLANNED, Verdict.UNREADABLE, Verdict.UNJUDGED)


def past(*turns):
    """A history of ``stage outcome`` words; an outcome is a verdict, or best, tie for correct ones."""
    history = History(TASK)
    for number, turn in enumerate(turns):
        stage, outcome, *rest = turn.split()
        again = "again" in rest
        first = history.best is None
        comparison, evaluation = None, None
        if outcome in ("best", "tie"):
            evaluation = correct(1.0)
            result = Outcome.FASTER if outcome == "best" else Outcome.TIE
            comparison = None if first else Comparison(result, 1.0, 1.0, 1.0)
        evaluation = evaluation or Evaluation(Verdict(outcome))
        proposal = Proposal(stage, tuple(int(each) for each in rest if each != "again"), again)
        attempt = Attempt(number, proposal, None, None, None, Candidate(str(number)), evaluation, comparison)
        history = history.plus(attempt)
    return history


def next_move(*turns, stages=STAGES, left=10, **options):
    return spelled(staged.make(stages, **options).propose(past(*turns), left))


def spelled(moves):
    return " ".join([moves[0].stage, *map(str, moves[0].parents), *["again"] * moves[0].again]) if moves else None


def test_it_begins_with_a_seed():
    assert next_move() == "seed"


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in NO_FAILURE])
def test_any_failure_is_repaired(verdict):
    assert next_move(f"seed {verdict}") == "repair 0"


def test_the_latest_failure_is_repaired_three_times_in_a_row():
    tries = ["seed wrong", "repair broken", "repair crashed", "repair wrong"]
    assert [next_move(*tries[: n + 1]) for n in range(4)] == ["repair 0", "repair 1", "repair 2", "seed"]


def test_what_could_not_be_read_is_asked_for_once_more_and_then_left():
    assert next_move("seed unreadable") == "seed again"
    assert next_move("seed unreadable", "seed wrong again") == "repair 1"
    twice = ["seed unreadable", "seed unreadable again"]
    assert next_move(*twice) == "seed"
    assert next_move(*twice, *twice) is None


def test_a_repair_that_could_not_be_read_leaves_what_it_was_to_mend():
    tries = ["seed wrong", "repair unreadable 0", "repair unreadable 0 again"]
    assert next_move(*tries[:2]) == "repair 0 again"
    assert next_move(*tries) == "repair 0"
    assert next_move(*tries, repairs=1) == "seed"
    assert next_move(*tries, "repair broken 0") == "repair 3"
    assert next_move(*tries, "repair broken 0", "repair broken 3") == "seed", "an asking again counts as no repair"


def test_a_stage_that_is_there_no_more_is_not_asked_again():
    assert next_move("seed best", "epilogue unreadable 0") == "grid 0"


def test_a_stage_that_is_asked_again_stays_in_its_place():
    twice = ["seed best", "grid unreadable", "grid unreadable again"]
    assert next_move(*twice[:2]) == "grid again"
    assert next_move(*twice) == "tiling 0"
    assert next_move(*twice, "tiling tie", "memory tie", passes=1) is None


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


@pytest.mark.parametrize("options", [{"repairs": -1}, {"passes": -1}, {"seeds": -1}, {"plans": -1}, {"combines": -1}])
def test_a_number_that_makes_no_sense_is_refused(options):
    with pytest.raises(ValueError, match="negative"):
        staged.make(STAGES, **options)


def test_a_library_without_a_repair_stage_is_refused():
    with pytest.raises(ValueError, match="repair"):
        staged.make(STAGES[:1])


def programs(*turns):
    """A history of ``stage parents outcome`` words, each kernel a program of its own; ``plan`` and ``no-plan`` too."""
    history = History(TASK)
    for number, turn in enumerate(turns):
        stage, *parents, outcome = turn.split()
        evaluation, comparison, plan = Evaluation(Verdict.WRONG), None, None
        if outcome == "unreadable":
            evaluation = Evaluation(Verdict.UNREADABLE)
        if outcome in ("best", "tie"):
            evaluation = correct(1.0)
            result = Outcome.FASTER if outcome == "best" else Outcome.TIE
            comparison = Comparison(result, 1.0, 1.0, 1.0) if history.best else None
        elif outcome.endswith("plan"):
            evaluation, plan = Evaluation(Verdict.PLANNED), replace(PLAN, worthwhile=outcome == "plan")
        proposal = Proposal(stage, tuple(map(int, parents)))
        source = f"program_{number}"
        made = Attempt(number, proposal, None, None, None, Candidate(source), evaluation, comparison, plan=plan)
        history = history.plus(made)
    return history


def planned_move(*turns, stages=ALL_STAGES, left=10, **options):
    return spelled(staged.make(stages, **options).propose(programs(*turns), left))


PASS = ["grid 0 tie", "tiling 0 tie", "memory 0 tie"]


@pytest.mark.parametrize(
    ("turns", "options", "move"),
    [
        ([], {}, "seed"),
        (["seed wrong"], {}, "repair 0"),
        (["seed best"], {}, "analyse 0"),
        (["given best"], {}, "analyse 0"),
        (["seed best"], {"plans": 0}, "grid 0"),
        (["seed best", "analyse 0 plan"], {}, "rewrite 0 1"),
        (["seed best", "analyse 0 no-plan"], {}, "grid 0"),
        (["seed best", "analyse 0 unreadable"], {}, "analyse 0 again"),
        (["seed best", "analyse 0 plan", "rewrite 0 1 unreadable"], {}, "rewrite 0 1 again"),
        (["seed best", "analyse 0 plan", "rewrite 0 1 wrong"], {}, "repair 2"),
        (["seed best", "analyse 0 plan", "rewrite 0 1 wrong"], {"repairs": 0}, "grid 0"),
        (["seed best", "analyse 0 plan", "rewrite 0 1 tie"], {}, "grid 0"),
        (["seed best", "analyse 0 plan", "rewrite 0 1 best"], {}, "grid 2"),
    ],
)
def test_the_first_correct_kernel_is_analysed_once_and_a_plan_that_pays_carried_out(turns, options, move):
    assert planned_move(*turns, **options) == move


def test_a_plan_is_not_asked_for_where_no_stage_could_carry_it_out():
    assert planned_move("seed best", stages=[each for each in ALL_STAGES if each.name != "rewrite"]) == "grid 0"
    assert planned_move("seed best", stages=[each for each in ALL_STAGES if each.name != "analyse"]) == "grid 0"


def test_a_plan_is_not_asked_for_where_no_answer_would_be_left_to_carry_it_out():
    assert planned_move("seed best", left=2) == "analyse 0"
    assert planned_move("seed best", left=1) == "grid 0"
    assert planned_move("seed best", "analyse 0 unreadable", left=1) == "grid 0"
    assert planned_move("seed best", "analyse 0 plan", left=1) == "rewrite 0 1"


def test_after_a_pass_that_won_nothing_each_pair_is_combined_once():
    turns = ["seed best", "analyse 0 plan", "rewrite 0 1 tie", *PASS]
    assert planned_move(*turns[:-1]) == "memory 0"
    assert planned_move(*turns) == "combine 0 2"
    assert planned_move(*turns, combines=0) == "grid 0"
    assert planned_move(*turns, passes=1) == "combine 0 2"
    assert planned_move(*turns, "combine 0 2 wrong") == "repair 6"
    assert planned_move(*turns, "combine 0 2 tie") == "grid 0"
    assert planned_move(*turns, "combine 0 2 best") == "grid 6"
    assert planned_move(*turns, "combine 0 2 tie", passes=1) is None


def test_as_many_pairs_are_combined_as_were_asked_for():
    turns = ["seed best", "analyse 0 plan", "rewrite 0 1 tie", "grid 2 tie", "tiling 0 tie", "memory 0 tie"]
    assert planned_move(*turns, "combine 0 2 tie", combines=2) == "combine 0 3"
    assert planned_move(*turns, "combine 0 2 tie", combines=1) == "grid 0"


def test_after_a_pass_that_won_something_nothing_is_combined():
    assert planned_move("seed best", "analyse 0 plan", "rewrite 0 1 tie", "grid 0 best", *PASS[1:]) == "grid 3"


def test_another_plan_is_made_of_another_best_alone():
    turns = ["seed best", "analyse 0 no-plan", *PASS]
    assert planned_move(*turns, plans=2) == "grid 0"
    later = [*turns, "grid 0 best", "tiling 5 tie", "memory 5 tie", "grid 5 tie", "tiling 5 tie", "memory 5 tie"]
    assert planned_move(*later, plans=2, passes=4, combines=0) == "analyse 5"
    assert planned_move(*later, "analyse 5 plan", plans=2, passes=4, combines=0) == "rewrite 5 11"
    assert planned_move(*later, plans=1, passes=4, combines=0) == "grid 5"
