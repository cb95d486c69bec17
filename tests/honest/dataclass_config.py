# task = "softmax"
# odd = "has postponed annotations, a slotted dataclass for its launches, and an alias for a class"
from __future__ import annotations

from dataclasses import dataclass, field

import torch
import triton
import triton.language as tl
from torch import nn


@dataclass(frozen=True, slots=True)
class LaunchConfig:
    block: int
    num_warps: int = 4
    extra: dict[str, int] = field(default_factory=dict)

    @classmethod
    def for_columns(cls, columns: int) -> LaunchConfig:
        return cls(triton.next_power_of_2(columns), extra={"num_stages": 1})


@triton.jit
def softmax_rows(x, scale, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=0.0)
    value = value * tl.load(scale + at, mask=at < columns, other=0.0)
    value = tl.where(at < columns, value, -float("inf"))
    value = tl.exp(value - tl.max(value, 0))
    tl.store(y + row * columns + at, value / tl.sum(value, 0), mask=at < columns)


class FastSoftmax(nn.Module):
    def __init__(self, columns: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))
        self.config: LaunchConfig = LaunchConfig.for_columns(columns)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.empty_like(x)
        config = self.config
        softmax_rows[(x.shape[0],)](
            x, self.scale, y, x.shape[1], BLOCK=config.block, num_warps=config.num_warps, **config.extra
        )
        return y


ModelNew: type[nn.Module] = FastSoftmax
