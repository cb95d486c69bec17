"""What the prompts of this project's forerunner told the model, fact by fact, must be told by ours."""

import re

import pytest

FACTS = {
    "role": r"specialist in GPU kernels written in Triton.*fastest kernels",
    "gpu name": r"Name: 4090\b",
    "architecture": r"Ada Lovelace, compute capability 8\.9",
    "sms": r"SMs: 128\b",
    "bandwidth": r"bandwidth: 1008 GB/s",
    "tf32": r"TF32 on the tensor cores, dense: 82\.6 TFLOPS",
    "bf16": r"BF16 on the tensor cores, dense: 165\.2 TFLOPS",
    "fp16": r"FP16 on the tensor cores, dense: 165\.2 TFLOPS",
    "registers": r"at most 255 a thread",
    "threads": r"at most 1024 a block, 1536 an SM",
    "warps": r"Warps: 32 threads each, at most 48 resident an SM",
    "shared memory": r"100 KB an SM, at most 99 KB \(101376 bytes\) a block",
    "l2": r"L2 cache: 72 MB, shared by all SMs",
    "focus": r"Stage: grid.*programs.*finds its elements.*fused",
    "not fused: reductions": r"do not hold for.*reductions \(sum, mean, softmax.*along an axis",
    "not fused: atomics": r"do not hold for.*atomic operations",
    "not fused: irregular": r"do not hold for.*irregular or data-dependent access",
    "not fused: across blocks": r"do not hold for.*depends on other blocks",
    "principle": r"all fused operators share one grid and one pair of \(offsets, mask\)",
    "grid covers the output": r"that grid covers the output tensor",
    "same offsets": r"Every fused operator uses the same offset computation",
    "same mask": r"and the same boundary mask",
    "broadcast": r"broadcast it explicitly with `\[None, :\]` or `\[:, None\]`.*do not compute other offsets",
    "element-wise": r"1D grid and a single `offs = pid \* BLOCK \+ tl\.arange\(0, BLOCK\)`",
    "matmul": r"2D grid, whose `offs_m` and `offs_n` serve the bias and the activation",
    "check offsets": r"Check before answering: all `tl\.load` and `tl\.store` use the same offsets",
    "check masks": r"all masks come from the same boundary condition",
    "check splitting": r"if an operator needs another indexing, it is not fused and the kernel is split",
    "kernel in the counters": r'"conv2d_min_bias_scale_kernel": \{',
    "sm throughput": r'"sm__throughput\.avg\.pct_of_peak_sustained_elapsed": 66\.52,?\n',
    "grid size": r'"launch__grid_size": 127008,?\n',
    "warps active": r'"sm__warps_active\.avg\.pct_of_peak_sustained_active": 24\.97,?\n',
    "dram throughput": r'"dram__throughput\.avg\.pct_of_peak_sustained_elapsed": 4\.1,?\n',
    "l2 hit rate": r'"lts__t_sector_hit_rate\.pct": 87\.89,?\n',
    "task": r"Read the counters against the code.*write a version that is faster",
    "no tanh": r"`tl` has no:[^\n]*`tl\.tanh`",
    "no gelu": r"`tl` has no:[^\n]*`tl\.gelu`",
    "no silu": r"`tl` has no:[^\n]*`tl\.silu`",
    "no mish": r"`tl` has no:[^\n]*`tl\.mish`",
    "sigmoid is answered": r"`tl` (has no|does have):[^\n]*`tl\.sigmoid`",
    "softmax is answered": r"`tl` (has no|does have):[^\n]*`tl\.softmax`",
    "order of the file": r"1\. Imports: `torch`, `torch\.nn as nn`, `triton`, `triton\.language as tl`.*"
    r"2\. Kernels decorated with `@triton\.jit`.*3\. Wrapper functions that compute the grid and launch.*"
    r"4\. `class ModelNew\(nn\.Module\)`, whose `forward` calls them",
    "left out": r"No tests.*no `if __name__`, no `get_inputs`, no `get_init_inputs`",
}

NEW = {
    "tensor cores": r"belongs on the tensor cores.*`tl\.dot`.*implicit GEMM",
    "eager time": r"takes 14\.2 ms; the reference run eagerly takes 4\.1 ms, a speedup of 0\.29x.*slower than PyTorch",
    "measured": r"Both times were measured on the card \(NVIDIA GeForce RTX 4090\)",
    "weights": r"by name where the name exists, else by unique shape, else among equal shapes in order of registration",
    "every element": r"Every element of every output is compared with the reference in fp64",
    "float32 products": r'input_precision="tf32x3"',
    "powers of two": r"Every extent of a block is a power of two",
    "no caching": r"Keeping results.*from one call to the next is found out",
    "source of the counters": r"Read by Nsight Compute on the card",
}


@pytest.mark.parametrize(("fact", "pattern"), [*FACTS.items(), *NEW.items()])
def test_the_grid_stage_tells_a_fusion_task(fact, pattern, library, scene):
    prompt = library.render(library["grid"], scene)
    assert re.search(pattern, f"{prompt.system}\n{prompt.user}", re.DOTALL), fact


def test_code_and_reference_are_quoted_unchanged(library, scene):
    user = library.render(library["grid"], scene).user
    assert scene.parent.candidate.source in user
    assert scene.task.source in user


def test_code_cannot_end_the_fence_that_quotes_it(library, scene):
    assert "````python\nimport triton\n" in library.render(library["grid"], scene).user
