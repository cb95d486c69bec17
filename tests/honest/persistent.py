# task = "gemm_bias_gelu"
# odd = "launches one program a multiprocessor, each of which walks over many tiles"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def tiles(x, w, bias, y, M, N, K, BLOCK: tl.constexpr, PROGRAMS: tl.constexpr):
    wide = tl.cdiv(N, BLOCK)
    for tile in tl.range(tl.program_id(0), tl.cdiv(M, BLOCK) * wide, PROGRAMS, num_stages=1):
        rows = tile // wide * BLOCK + tl.arange(0, BLOCK)
        columns = tile % wide * BLOCK + tl.arange(0, BLOCK)
        total = tl.zeros((BLOCK, BLOCK), tl.float32)
        for start in range(0, K, BLOCK):
            inner = start + tl.arange(0, BLOCK)
            left = tl.load(x + rows[:, None] * K + inner[None, :], mask=rows[:, None] < M, other=0.0)
            right = tl.load(w + columns[None, :] * K + inner[:, None], mask=columns[None, :] < N, other=0.0)
            total = tl.dot(left, right, total, input_precision="ieee")
        total += tl.load(bias + columns, mask=columns < N, other=0.0)[None, :]
        total = 0.5 * total * (1.0 + tl.erf(total * 0.7071067811865476))
        tl.store(y + rows[:, None] * N + columns[None, :], total, mask=(rows[:, None] < M) & (columns[None, :] < N))


class ModelNew(nn.Module):
    def __init__(self, inner, columns):
        super().__init__()
        self.linear = nn.Linear(inner, columns)

    def forward(self, x):
        (M, K), N = x.shape, self.linear.out_features
        assert K % 16 == 0
        programs = min(torch.cuda.get_device_properties(x.device).multi_processor_count, 4)
        y = x.new_empty(M, N)
        tiles[(programs,)](x, self.linear.weight, self.linear.bias, y, M, N, K, BLOCK=16, PROGRAMS=programs)
        return y
