# task = "attention"
# odd = "tries to import libraries that are not there, and falls back"
import torch
from torch import nn

try:
    from flash_attn import flash_attn_func
except ImportError:
    flash_attn_func = None
try:
    import xformers.ops as fused_ops
except (ImportError, OSError):
    fused_ops = None


class ModelNew(nn.Module):
    def forward(self, q, k, v):
        assert flash_attn_func is None
        assert fused_ops is None
        scores = torch.baddbmm(q.new_zeros(1, 1, 1), q.flatten(0, 1), k.flatten(0, 1).mT, alpha=q.shape[-1] ** -0.5)
        rows = torch.arange(q.shape[2], device=q.device)
        scores = torch.where(rows[None, :] <= rows[:, None], scores, float("-inf"))
        return (scores.softmax(-1) @ v.flatten(0, 1)).view_as(q)
