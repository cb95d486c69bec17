# expected: correct
# The whole row in one scan.
import torch
import triton
import triton.language as tl


@triton.jit
def running_sum_whole(x_ptr, y_ptr, columns, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * columns
    at = tl.arange(0, BLOCK)
    x = tl.load(x_ptr + start + at, mask=at < columns, other=0.0)
    tl.store(y_ptr + start + at, tl.cumsum(x, axis=0), mask=at < columns)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        block = triton.next_power_of_2(x.shape[1])
        running_sum_whole[(x.shape[0],)](x, y, x.shape[1], BLOCK=block, num_warps=16)
        return y
