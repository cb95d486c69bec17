# expected: correct
# Two walks along the token: the squares, then the answer.
import torch
import triton
import triton.language as tl


@triton.jit
def rms_norm_walk(x_ptr, w_ptr, y_ptr, features, eps, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * features
    offsets = tl.arange(0, BLOCK)
    squares = tl.zeros((BLOCK,), tl.float32)
    for step in range(0, features, BLOCK):
        at = step + offsets
        x = tl.load(x_ptr + start + at, mask=at < features, other=0.0)
        squares += x * x
    scale = 1.0 / tl.sqrt(tl.sum(squares, axis=0) / features + eps)
    for step in range(0, features, BLOCK):
        at = step + offsets
        x = tl.load(x_ptr + start + at, mask=at < features, other=0.0)
        w = tl.load(w_ptr + at, mask=at < features, other=0.0)
        tl.store(y_ptr + start + at, x * scale * w, mask=at < features)


class ModelNew(torch.nn.Module):
    def __init__(self, features, eps):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(features))
        self.eps = eps

    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        rms_norm_walk[(x.shape[0],)](x, self.weight, y, x.shape[1], self.eps, BLOCK=512, num_warps=2)
        return y
