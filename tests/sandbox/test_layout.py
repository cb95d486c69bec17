import gc
import weakref

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sandbox.child.arena import Arena, sealed
from sandbox.child.layout import ALIGNMENT, TYPES, outputs_of, placed, put_together, take_apart, type_name

leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.floats(allow_nan=False), st.text(max_size=3),
    st.lists(st.integers(0, 3), max_size=3).map(lambda shape: torch.zeros(shape)),
)  # fmt: skip
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=3),
    ),
)


def same(one, other):
    if isinstance(one, torch.Tensor):
        return one is other
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other


@given(values)
def test_nested_values_come_back_as_they_were(value):
    structure, tensors = take_apart(value)
    assert same(value, put_together(structure, tensors))


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.lists(st.integers(0, 4), max_size=3)), max_size=6))
def test_every_type_and_shape_survives_shared_memory(wanted):
    given_ = [torch.zeros(shape, dtype=torch.uint8).to(kind) for kind, shape in wanted]
    slots, end = placed(given_, 0)
    arena = Arena(sealed(end))
    for slot, each in zip(slots, given_, strict=True):
        view = arena.tensor(slot)
        assert view.dtype == each.dtype
        assert view.shape == each.shape
        assert slot.offset % ALIGNMENT == 0
        view.copy_(each)
    arena.close()


def test_tensors_do_not_overlap_and_both_sides_see_them():
    given_ = [torch.randn(3, 5), torch.arange(7), torch.tensor([True, False])]
    slots, end = placed(given_, 0)
    judge = Arena(sealed(end))
    candidate = Arena(judge.descriptor)
    for slot, each in zip(slots, given_, strict=True):
        judge.tensor(slot).copy_(each)
    judge.words[0] = 42
    assert all(torch.equal(candidate.tensor(slot), each) for slot, each in zip(slots, given_, strict=True))
    assert candidate.words[0] == 42


def test_dense_strides_are_kept():
    image = torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last)
    slots, end = placed([image, image.transpose(0, 1), torch.ones(1, 1).expand(4, 4)], 0)
    assert slots[0].stride == image.stride()
    assert slots[1].stride == image.transpose(0, 1).stride()
    assert slots[2].stride == (4, 1)
    arena = Arena(sealed(end))
    assert torch.equal(arena.tensor(slots[0]).copy_(image), image)


def test_shared_memory_cannot_be_shrunk_under_the_judge():
    import os

    with pytest.raises(OSError):
        os.ftruncate(sealed(64), 0)


def test_numbers_count_as_outputs_and_none_does_not():
    found = outputs_of([None, {"loss": 2.5}, (torch.zeros(2), 3)])
    assert [each.tolist() for each in found] == [2.5, [0.0, 0.0], 3]


def test_what_cannot_be_taken_apart_is_named():
    with pytest.raises(TypeError, match="object"):
        take_apart([object()])


def test_type_names_are_torchs_own():
    assert [getattr(torch, type_name(each)) for each in TYPES] == list(TYPES)


def test_what_a_model_returned_is_freed_at_once():
    tensor = torch.zeros(3)
    gone = weakref.ref(tensor)
    gc.disable()
    try:
        found = outputs_of({"a": [tensor, 1.5]})
        assert len(found) == 2
        del found, tensor
        assert gone() is None
    finally:
        gc.enable()
