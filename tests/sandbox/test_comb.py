from hypothesis import given
from hypothesis import strategies as st

from sandbox.comb import comb


@given(st.integers(0, 5000), st.integers(-1, 600), st.data())
def test_every_stretch_of_the_widest_pitch_has_a_place(length, widest, data):
    places = range(length)[comb(length, widest)]
    assert len(places) >= length // max(1, widest)
    assert len(places) <= length // max(1, widest // 2) + 1
    stretch = max(1, widest)
    if stretch <= length:
        at = data.draw(st.integers(0, length - stretch))
        assert any(at <= each < at + stretch for each in places)


def test_pitch_and_first_place_are_secret():
    combs = [comb(5000, 100) for _ in range(60)]
    assert len({each.step for each in combs}) > 20
    assert len({each.start for each in combs}) > 20
