import pytest

from prompts.mending import known_mends, mended_by
from prompts.reply import extract

IMPORTS = "import torch.nn as nn\nimport triton\nimport triton.language as tl\n\n\n"
KERNEL = f"{IMPORTS}@triton.jit\ndef k(p):\n    tl.store(p, 1)\n\n\n"
RUN = "def run(x):\n    k[(1,)](x)\n\n\n"
MODEL = "class Model(nn.Module):\n    def forward(self, x):\n        super(Model, self)\n        return run(x)\n"
REFERENCE = "class Model(nn.Module):\n    def forward(self, x):\n        return x\n"


def after(source):
    return mended_by(known_mends()["model_name"], source)


def test_a_class_that_launches_a_kernel_is_renamed_wherever_it_is_named():
    wanted = (
        "class ModelNew(nn.Module):\n    def forward(self, x):\n        super(ModelNew, self)\n        return run(x)\n"
    )
    assert after(KERNEL + RUN + MODEL) == KERNEL + RUN + wanted


@pytest.mark.parametrize(
    "source",
    [
        REFERENCE,
        KERNEL + RUN + REFERENCE,
        KERNEL + RUN + REFERENCE + "\n\nclass Fast(nn.Module):\n    def forward(self, x):\n        return run(x)\n",
        KERNEL + RUN + MODEL + "\n\nModelNew = Model\n",
        KERNEL + RUN + MODEL + MODEL,
        RUN + MODEL,
    ],
)
def test_a_reference_or_a_doubtful_one_is_left(source):
    assert after(source) is None


def test_a_reply_with_such_a_class_alone_is_an_answer_and_a_quoted_reference_is_none():
    assert extract(f"```python\n{KERNEL}{RUN}{MODEL}```").source == KERNEL + RUN + MODEL
    assert (
        extract(f"```python\n{KERNEL}{RUN}{MODEL}```\n```python\nclass ModelNew: ...\n```").source
        == "class ModelNew: ...\n"
    )
    assert extract(f"```python\n{REFERENCE}```").source is None
