# expected: correct
# A program a row, walked in blocks.
import torch
import triton
import triton.language as tl


@triton.jit
def gelu_row(x_ptr, y_ptr, columns, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * columns
    for step in range(0, columns, BLOCK):
        at = step + tl.arange(0, BLOCK)
        x = tl.load(x_ptr + start + at, mask=at < columns, other=0.0)
        inner = 0.7978845608028654 * (x + 0.044715 * x * x * x)
        tanh = 2.0 / (1.0 + tl.exp(-2.0 * inner)) - 1.0
        tl.store(y_ptr + start + at, 0.5 * x * (1.0 + tanh), mask=at < columns)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        gelu_row[(x.shape[0],)](x, y, x.shape[1], BLOCK=256, num_warps=4)
        return y
