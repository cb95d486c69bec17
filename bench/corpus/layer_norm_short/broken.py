# expected: fails
# The block is no power of two, which tl.arange refuses.
import torch
import triton
import triton.language as tl


@triton.jit
def layer_norm_exact(x_ptr, w_ptr, b_ptr, y_ptr, eps, FEATURES: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * FEATURES
    at = tl.arange(0, FEATURES)
    x = tl.load(x_ptr + start + at)
    centred = x - tl.sum(x, axis=0) / FEATURES
    scale = tl.rsqrt(tl.sum(centred * centred, axis=0) / FEATURES + eps)
    tl.store(y_ptr + start + at, centred * scale * tl.load(w_ptr + at) + tl.load(b_ptr + at))


class ModelNew(torch.nn.Module):
    def __init__(self, features):
        super().__init__()
        self.norm = torch.nn.LayerNorm(features)

    def forward(self, x):
        y = torch.empty_like(x)
        layer_norm_exact[(x.shape[0],)](
            x, self.norm.weight, self.norm.bias, y, self.norm.eps, FEATURES=x.shape[1]
        )
        return y
