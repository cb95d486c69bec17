# task = "row_sum"
# odd = "writes the text of its kernel into a temporary file, for its own size, and imports that"
# followed = true
import importlib.util
import tempfile
from pathlib import Path

import torch
from torch import nn

TEMPLATE = """
import triton
import triton.language as tl


@triton.jit
def sum_rows(x, y):
    row, at = tl.program_id(0), tl.arange(0, {block})
    tl.store(y + row, tl.sum(tl.load(x + row * {columns} + at, mask=at < {columns}, other=0.0), 0))
"""


def made(columns):
    folder = Path(tempfile.mkdtemp())
    file = folder / "generated_kernel.py"
    file.write_text(TEMPLATE.format(columns=columns, block=1 << (columns - 1).bit_length()))
    spec = importlib.util.spec_from_file_location("generated_kernel", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.sum_rows


class ModelNew(nn.Module):
    kernel = None

    def forward(self, x):
        self.kernel = self.kernel or made(x.shape[1])
        y = torch.empty(x.shape[0], device=x.device)
        self.kernel[(x.shape[0],)](x, y)
        return y
