# task = "matmul"
# odd = "splits the inner dimension over programs that add with atomics, in an order of their own"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def part(a, b, c, N, K, BLOCK: tl.constexpr, SHARE: tl.constexpr):
    rows = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    columns = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inner = tl.program_id(2) * SHARE + tl.arange(0, SHARE)
    left = tl.load(a + rows[:, None] * K + inner[None, :])
    right = tl.load(b + inner[:, None] * N + columns[None, :])
    total = tl.dot(left, right, input_precision="ieee")
    tl.atomic_add(c + rows[:, None] * N + columns[None, :], total, sem="relaxed")


class ModelNew(nn.Module):
    def forward(self, a, b):
        (M, K), N = a.shape, b.shape[1]
        c = torch.zeros(M, N, device=a.device)
        part[(M // 16, N // 16, K // 32)](a, b, c, N, K, BLOCK=16, SHARE=32)
        return c
