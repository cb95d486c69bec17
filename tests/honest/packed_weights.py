# task = "gemm_bias_gelu"
# odd = "packs its weights in the constructor, and again in a hook of load_state_dict"
import triton
import triton.language as tl
from torch import nn


@triton.jit
def product(a, b, c, M, N, K, BLOCK: tl.constexpr):
    rows = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    columns = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK, BLOCK), tl.float32)
    for start in range(0, K, BLOCK):
        inner = start + tl.arange(0, BLOCK)
        left = tl.load(
            a + rows[:, None] * K + inner[None, :], mask=(rows[:, None] < M) & (inner[None, :] < K), other=0.0
        )
        right = tl.load(
            b + inner[:, None] * N + columns[None, :], mask=(inner[:, None] < K) & (columns[None, :] < N), other=0.0
        )
        total = tl.dot(left, right, total, input_precision="ieee")
    tl.store(c + rows[:, None] * N + columns[None, :], total, mask=(rows[:, None] < M) & (columns[None, :] < N))


class ModelNew(nn.Module):
    def __init__(self, inner, columns):
        super().__init__()
        self.linear = nn.Linear(inner, columns)
        self.register_load_state_dict_post_hook(lambda module, keys: module.pack())
        self.pack()

    def pack(self):
        self.packed = self.linear.weight.detach().t().contiguous()

    def forward(self, x):
        packed = self.packed.to(x.device)
        (M, K), N = x.shape, packed.shape[1]
        y = x.new_empty(M, N)
        product[(triton.cdiv(M, 16), triton.cdiv(N, 16))](x, packed, y, M, N, K, BLOCK=16)
        return nn.functional.gelu(y + self.linear.bias)
