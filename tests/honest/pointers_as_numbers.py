# task = "add_scaled"
# odd = "hands its kernel addresses in a table of integers, taken by data_ptr"
# followed = true
# emulated = "unjudged"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def add(table, y, n, alpha, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    first = tl.load(table).to(tl.pointer_type(tl.float32))
    second = tl.load(table + 1).to(tl.pointer_type(tl.float32))
    total = tl.load(first + at, mask=at < n) + alpha * tl.load(second + at, mask=at < n)
    tl.store(y + at, total, mask=at < n)


class ModelNew(nn.Module):
    def forward(self, x, y, alpha, bias=None):
        assert bias is None
        y = y.contiguous()
        table = torch.tensor([x.data_ptr(), y.data_ptr()], dtype=torch.int64, device=x.device)
        total = torch.empty_like(x)
        add[(triton.cdiv(x.numel(), 256),)](table, total, x.numel(), alpha, BLOCK=256)
        return total
