"""One table of counters: stages, compiler and profiler use the same names."""

from prompts.library import Library
from sandbox.counters import ELSEWHERE, Counter, Joining, as_usual, joining


def test_every_shipped_stage_asks_for_counters_of_the_table():
    assert set(Library().counters) <= set(Counter)


def test_every_counter_of_the_table_is_asked_for_by_some_stage():
    assert set(Counter) <= set(Library().counters)


def test_other_names_belong_to_known_counters_and_are_none_themselves():
    assert set(ELSEWHERE) <= set(Counter)
    assert not {other for others in ELSEWHERE.values() for other in others} & set(Counter)


def test_a_value_stands_under_the_usual_name_and_what_is_there_already_stays():
    other = ELSEWHERE[Counter.WAITS_FOR_MEMORY][0]
    assert as_usual({other: 1.0, "own": 2.0}) == {Counter.WAITS_FOR_MEMORY: 1.0, "own": 2.0}
    assert as_usual({Counter.WAITS_FOR_MEMORY: 3.0, other: 1.0}) == {Counter.WAITS_FOR_MEMORY: 3.0}
    assert as_usual({other: 1.0, Counter.WAITS_FOR_MEMORY: 3.0}) == {Counter.WAITS_FOR_MEMORY: 3.0}


def test_a_counter_is_joined_by_its_name():
    assert joining(Counter.DURATION) is Joining.SUM
    assert joining(Counter.REGISTERS) is Joining.LONGEST
    assert joining(Counter.DRAM_BUSY) is Joining.MEAN
    assert joining("dram__bytes.sum.per_second") is Joining.MEAN
