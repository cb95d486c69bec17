# expected: wrong
# Carries the sum of the block before, not of all blocks before.
import torch
import triton
import triton.language as tl


@triton.jit
def running_sum_short(x_ptr, y_ptr, columns, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * columns
    carried = 0.0
    for step in range(0, columns, BLOCK):
        at = step + tl.arange(0, BLOCK)
        x = tl.load(x_ptr + start + at, mask=at < columns, other=0.0)
        tl.store(y_ptr + start + at, carried + tl.cumsum(x, axis=0), mask=at < columns)
        carried = tl.sum(x, axis=0)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        running_sum_short[(x.shape[0],)](x, y, x.shape[1], BLOCK=128, num_warps=4)
        return y
