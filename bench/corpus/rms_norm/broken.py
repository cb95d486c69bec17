# expected: fails
# A weight of another shape than the reference's.
import torch
import triton
import triton.language as tl


@triton.jit
def rms_norm_row(x_ptr, w_ptr, y_ptr, features, eps, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * features
    at = tl.arange(0, BLOCK)
    inside = at < features
    x = tl.load(x_ptr + start + at, mask=inside, other=0.0)
    scale = tl.rsqrt(tl.sum(x * x, axis=0) / features + eps)
    tl.store(y_ptr + start + at, x * scale * tl.load(w_ptr + at, mask=inside, other=0.0), mask=inside)


class ModelNew(torch.nn.Module):
    def __init__(self, features, eps):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(features + 1))
        self.eps = eps

    def forward(self, x):
        y = torch.empty_like(x)
        rms_norm_row[(x.shape[0],)](x, self.weight, y, x.shape[1], self.eps, BLOCK=triton.next_power_of_2(x.shape[1]))
        return y
