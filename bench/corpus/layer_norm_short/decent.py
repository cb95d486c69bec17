# expected: correct
# One program a token; the variance from centred values.
import torch
import triton
import triton.language as tl


@triton.jit
def layer_norm_row(x_ptr, w_ptr, b_ptr, y_ptr, features, eps, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * features
    at = tl.arange(0, BLOCK)
    inside = at < features
    x = tl.load(x_ptr + start + at, mask=inside, other=0.0)
    centred = tl.where(inside, x - tl.sum(x, axis=0) / features, 0.0)
    scale = tl.rsqrt(tl.sum(centred * centred, axis=0) / features + eps)
    w = tl.load(w_ptr + at, mask=inside, other=0.0)
    b = tl.load(b_ptr + at, mask=inside, other=0.0)
    tl.store(y_ptr + start + at, centred * scale * w + b, mask=inside)


class ModelNew(torch.nn.Module):
    def __init__(self, features):
        super().__init__()
        self.norm = torch.nn.LayerNorm(features)

    def forward(self, x):
        x = x.contiguous()
        tokens, features = x.shape
        y = torch.empty_like(x)
        layer_norm_row[(tokens,)](
            x, self.norm.weight, self.norm.bias, y, features, self.norm.eps,
            BLOCK=triton.next_power_of_2(features), num_warps=4,
        )
        return y
