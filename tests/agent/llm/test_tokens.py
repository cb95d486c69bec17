import pytest

from agent.llm.tokens import room_of

tiktoken = pytest.importorskip("tiktoken")


@pytest.fixture
def of_bytes(monkeypatch):
    """A model that tiktoken knows, and whose tokens are bytes: no table has to be fetched."""
    table = tiktoken.Encoding(
        "of_bytes",
        pat_str=r"(?s:.)",
        mergeable_ranks={bytes([i]): i for i in range(256)},
        special_tokens={"<|end|>": 256},
    )
    monkeypatch.setitem(tiktoken.model.MODEL_TO_ENCODING, "tests-model", "of_bytes")
    monkeypatch.setitem(tiktoken.registry.ENCODINGS, "of_bytes", table)


@pytest.mark.usefixtures("of_bytes")
def test_a_model_that_the_tokenizer_knows_is_counted_by_it():
    room = room_of("tests-model", 100)
    assert (room.most, room.by) == (100, "tiktoken, of_bytes")
    assert room.count("tl.dot × 2") == len("tl.dot × 2".encode())
    assert room.count("<|end|>") == 7, "what stands for a control token is text in a prompt"


def test_any_other_model_is_estimated():
    room = room_of("somebody/else-7b", None)
    assert room.by == "3 characters a token"
    assert room.count("x" * 10) == 4


@pytest.mark.usefixtures("of_bytes")
def test_a_table_that_cannot_be_fetched_is_done_without(monkeypatch):
    def unreachable(name):
        raise ConnectionError("no network")

    monkeypatch.setattr(tiktoken, "encoding_for_model", unreachable)
    assert room_of("tests-model", None).by == "3 characters a token"
