# task = "gemm_bias_gelu"
# odd = "lets heuristics choose its constants, under an autotuner with a pruner and a hook"
# followed = true
import triton
import triton.language as tl
from torch import nn


def prune(configs, named, **_):
    return [each for each in configs if each.kwargs["BLOCK"] <= named["n"]]


@triton.autotune(
    configs=[triton.Config({"BLOCK": 128}), triton.Config({"BLOCK": 1 << 16})],
    key=["n"],
    prune_configs_by={"early_config_prune": prune},
)
@triton.heuristics({"EVEN": lambda args: args["n"] % args["BLOCK"] == 0, "num_warps": lambda args: 4})
@triton.jit
def bias_gelu(x, bias, n, columns, BLOCK: tl.constexpr, EVEN: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    if EVEN:
        value = tl.load(x + at) + tl.load(bias + at % columns)
        tl.store(x + at, value * 0.5 * (1.0 + tl.erf(value * 0.7071067811865476)))
    else:
        value = tl.load(x + at, mask=at < n) + tl.load(bias + at % columns)
        tl.store(x + at, value * 0.5 * (1.0 + tl.erf(value * 0.7071067811865476)), mask=at < n)


class ModelNew(nn.Module):
    def __init__(self, inner, columns):
        super().__init__()
        self.linear = nn.Linear(inner, columns)
        bias_gelu.configs = bias_gelu.configs[:1]  # one is left: in-place kernels cannot be tried twice

    def forward(self, x):
        y = x @ self.linear.weight.t()
        bias_gelu[lambda meta: (triton.cdiv(y.numel(), meta["BLOCK"]),)](y, self.linear.bias, y.numel(), y.shape[1])
        return y
