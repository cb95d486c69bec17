# task = "softmax"
# odd = "compiles ahead by warmup in its constructor and sizes its grid by the compiled kernel's registers"
# followed = true
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def softmax_rows(x, scale, y, rows, columns, BLOCK: tl.constexpr):
    at = tl.arange(0, BLOCK)
    for row in range(tl.program_id(0), rows, tl.num_programs(0)):
        value = tl.load(x + row * columns + at, mask=at < columns, other=0.0)
        value = value * tl.load(scale + at, mask=at < columns, other=0.0)
        value = tl.where(at < columns, value, -float("inf"))
        value = tl.exp(value - tl.max(value, 0))
        tl.store(y + row * columns + at, value / tl.sum(value, 0), mask=at < columns)


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))
        self.block = triton.next_power_of_2(columns)
        like = torch.empty(8, columns, device="cuda")
        kernel = softmax_rows.warmup(like, like[0], like, 8, columns, BLOCK=self.block, num_warps=4, grid=(1,))
        kernel._init_handles()
        facts = torch.cuda.get_device_properties(torch.cuda.current_device())
        resident = facts.regs_per_multiprocessor // max(1, kernel.n_regs * 32 * 4)
        self.programs = facts.multi_processor_count * max(1, resident)

    def forward(self, x):
        y = torch.empty_like(x)
        grid = (min(self.programs, x.shape[0]),)
        softmax_rows[grid](x, self.scale, y, *x.shape, BLOCK=self.block, num_warps=4)
        return y
