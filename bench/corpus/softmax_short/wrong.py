# expected: wrong
# What lies beyond the row's end counts as 0, not as minus infinity: a little too much in every sum. The customary
# tolerance hardly sees it.
import torch
import triton
import triton.language as tl


@triton.jit
def softmax_padded(x_ptr, y_ptr, columns, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * columns
    at = tl.arange(0, BLOCK)
    value = tl.load(x_ptr + start + at, mask=at < columns, other=0.0)
    value = tl.exp(value - tl.max(value, axis=0))
    tl.store(y_ptr + start + at, value / tl.sum(value, axis=0), mask=at < columns)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        rows, columns = x.shape
        y = torch.empty_like(x)
        softmax_padded[(rows,)](x, y, columns, BLOCK=triton.next_power_of_2(columns), num_warps=4)
        return y
