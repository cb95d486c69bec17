import pytest

from prompts.mending import known_mends, mended, mended_by

CLASS = "class ModelNew:\n    pass\n"


def after(source):
    return mended_by(known_mends()["main_block"], source)


def test_trailing_blocks_go_and_comments_stay():
    source = CLASS + '\n\n# test\nif __name__ == "__main__":\n    x = 1\nif "__main__" == __name__:\n    y = 1\n'
    assert after(source) == CLASS + "\n\n# test\n"


@pytest.mark.parametrize(
    "source",
    [
        CLASS,
        f'{CLASS}if __name__ == "__main__":\n    x = 1\nelse:\n    x = 2\n',
        f'{CLASS}if __name__ != "__main__":\n    x = 1\n',
        f'{CLASS}if __name__ == "__main__":\n    x = 1\ny = 1\n',
        f'import torch\nif __name__ == "__main__":\n    {CLASS.replace(chr(10), " ")}\n',
        'if __name__ == "__main__":\n    pass\n',
    ],
)
def test_what_may_run_is_left(source):
    assert after(source) is None


def test_an_import_for_the_test_alone_hides_no_missing_one():
    found = mended('def f():\n    return math.pi\n\n\nif __name__ == "__main__":\n    import math\n')
    assert found.mends == ("main_block", "missing_import")
    assert found.source == "import math\ndef f():\n    return math.pi\n"
