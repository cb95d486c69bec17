# expected: wrong
# An epsilon of its own, 0.01, in place of the one that it was given.
import torch
import triton
import triton.language as tl


@triton.jit
def rms_norm_eps(x_ptr, w_ptr, y_ptr, features, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * features
    at = tl.arange(0, BLOCK)
    inside = at < features
    x = tl.load(x_ptr + start + at, mask=inside, other=0.0)
    scale = tl.rsqrt(tl.sum(x * x, axis=0) / features + 1e-2)
    tl.store(y_ptr + start + at, x * scale * tl.load(w_ptr + at, mask=inside, other=0.0), mask=inside)


class ModelNew(torch.nn.Module):
    def __init__(self, features, eps):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(features))

    def forward(self, x):
        x = x.contiguous()
        tokens, features = x.shape
        y = torch.empty_like(x)
        rms_norm_eps[(tokens,)](x, self.weight, y, features, BLOCK=triton.next_power_of_2(features), num_warps=8)
        return y
