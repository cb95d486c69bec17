# expected: correct
# Multiplies by one and adds nothing, ``steps`` times over: the factor comes at run time, so no compiler leaves it out.
import torch
import triton
import triton.language as tl


@triton.jit
def chain(x_ptr, y_ptr, count, steps, factor, term, BLOCK: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    y = 2 * tl.load(x_ptr + at, mask=at < count, other=0.0) + 1
    for _ in range(steps):
        y = y * factor + term
    tl.store(y_ptr + at, y, mask=at < count)


class ModelNew(torch.nn.Module):
    def __init__(self, steps):
        super().__init__()
        self.steps = steps

    def forward(self, x):
        y = torch.empty_like(x)
        chain[(triton.cdiv(x.numel(), 1024),)](x, y, x.numel(), self.steps, 1.0, 0.0, BLOCK=1024, num_warps=4)
        return y
