# expected: fails
# An unclosed bracket: no Python.
import torch
import triton
import triton.language as tl


@triton.jit
def softmax_row(x_ptr, y_ptr, columns, BLOCK: tl.constexpr):
    at = tl.arange(0, BLOCK)
    value = tl.load(x_ptr + tl.program_id(0) * columns + at, mask=at < columns, other=-float("inf")
    value = tl.exp(value - tl.max(value, axis=0))
    tl.store(y_ptr + tl.program_id(0) * columns + at, value / tl.sum(value, axis=0), mask=at < columns)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        y = torch.empty_like(x)
        softmax_row[(x.shape[0],)](x, y, x.shape[1], BLOCK=triton.next_power_of_2(x.shape[1]))
        return y
