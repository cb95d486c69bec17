# expected: correct
# Mean, variance and answer, a walk along the token each.
import torch
import triton
import triton.language as tl


@triton.jit
def layer_norm_walk(x_ptr, w_ptr, b_ptr, y_ptr, features, eps, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * features
    offsets = tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK,), tl.float32)
    for step in range(0, features, BLOCK):
        at = step + offsets
        total += tl.load(x_ptr + start + at, mask=at < features, other=0.0)
    mean = tl.sum(total, axis=0) / features
    squares = tl.zeros((BLOCK,), tl.float32)
    for step in range(0, features, BLOCK):
        at = step + offsets
        centred = tl.load(x_ptr + start + at, mask=at < features, other=0.0) - mean
        squares += tl.where(at < features, centred * centred, 0.0)
    scale = 1.0 / tl.sqrt(tl.sum(squares, axis=0) / features + eps)
    for step in range(0, features, BLOCK):
        at = step + offsets
        inside = at < features
        x = tl.load(x_ptr + start + at, mask=inside, other=0.0)
        w = tl.load(w_ptr + at, mask=inside, other=0.0)
        b = tl.load(b_ptr + at, mask=inside, other=0.0)
        tl.store(y_ptr + start + at, (x - mean) * scale * w + b, mask=inside)


class ModelNew(torch.nn.Module):
    def __init__(self, features):
        super().__init__()
        self.norm = torch.nn.LayerNorm(features)

    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        layer_norm_walk[(x.shape[0],)](
            x, self.norm.weight, self.norm.bias, y, x.shape[1], self.norm.eps, BLOCK=512, num_warps=4
        )
        return y
