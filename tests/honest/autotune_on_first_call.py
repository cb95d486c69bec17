# task = "row_sum"
# odd = "autotunes on its first call, with atomics that are reset between configurations"
# followed = true
import triton
import triton.language as tl
from torch import nn


@triton.autotune(
    configs=[triton.Config({"BLOCK": block}, num_stages=stages) for block in (64, 128) for stages in (1, 3)],
    key=["columns"],
    reset_to_zero=["y"],
)
@triton.jit
def sum_rows(x, y, columns, BLOCK: tl.constexpr):
    row, part = tl.program_id(0), tl.program_id(1)
    at = part * BLOCK + tl.arange(0, BLOCK)
    tl.atomic_add(y + row, tl.sum(tl.load(x + row * columns + at, mask=at < columns, other=0.0), 0))


class ModelNew(nn.Module):
    def forward(self, x):
        y = x.new_zeros(x.shape[0])
        sum_rows[lambda meta: (x.shape[0], triton.cdiv(x.shape[1], meta["BLOCK"]))](x, y, x.shape[1])
        return y
