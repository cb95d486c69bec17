# expected: correct
# One program a row, the whole row in registers.
import torch
import triton
import triton.language as tl


@triton.jit
def softmax_row(x_ptr, y_ptr, columns, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * columns
    at = tl.arange(0, BLOCK)
    inside = at < columns
    value = tl.load(x_ptr + start + at, mask=inside, other=-float("inf"))
    value = tl.exp(value - tl.max(value, axis=0))
    tl.store(y_ptr + start + at, value / tl.sum(value, axis=0), mask=inside)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        rows, columns = x.shape
        y = torch.empty_like(x)
        softmax_row[(rows,)](x, y, columns, BLOCK=triton.next_power_of_2(columns), num_warps=4)
        return y
