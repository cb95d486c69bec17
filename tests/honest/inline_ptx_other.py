# task = "row_sum"
# odd = "adds by inline PTX that rounds down, which only a card can run"
# followed = true
# emulated = "unjudged"
import triton
import triton.language as tl
from torch import nn


@triton.jit
def sum_rows(x, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK,), tl.float32)
    for start in range(0, columns, BLOCK):
        value = tl.load(x + row * columns + start + at, mask=start + at < columns, other=0.0)
        total = tl.inline_asm_elementwise(
            "add.rm.f32 $0, $1, $2;", "=f,f,f", [total, value], dtype=tl.float32, is_pure=True, pack=1
        )
    tl.store(y + row, tl.sum(total, 0))


class ModelNew(nn.Module):
    def forward(self, x):
        y = x.new_empty(x.shape[0])
        sum_rows[(x.shape[0],)](x, y, x.shape[1], BLOCK=128)
        return y
