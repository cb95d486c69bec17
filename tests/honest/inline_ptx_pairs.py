# task = "row_sum"
# odd = "adds by several instructions of inline PTX, two elements at a time"
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
            """
            {
                .reg .f32 even, odd; // sums
                add.rn.f32 even, $2, $4;
                fma.rn.f32 odd, $5, 0f3F800000, $3;
                mov.f32 $0, even;
                mov.b32 $1, odd;
            }
            """,
            "=f,=f,f,f,f,f",
            [total, value],
            dtype=tl.float32,
            is_pure=True,
            pack=2,
        )
    tl.store(y + row, tl.sum(total, 0))


class ModelNew(nn.Module):
    def forward(self, x):
        y = x.new_empty(x.shape[0])
        sum_rows[(x.shape[0],)](x, y, x.shape[1], BLOCK=128)
        return y
