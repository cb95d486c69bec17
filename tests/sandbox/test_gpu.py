import pytest

from sandbox.evaluation import SandboxError
from sandbox.gpu import FOLDER, gpu_named, gpu_of_device, known_gpus

LANES = {"8.0": 64, "8.6": 128, "8.9": 128, "9.0": 128, "12.0": 128}
"""FP32 lanes an SM, by compute capability."""


@pytest.mark.parametrize("gpu_id", known_gpus())
def test_figures_of_a_file_agree_with_each_other(gpu_id):
    gpu = gpu_named(gpu_id)
    assert gpu.max_threads_per_sm == gpu.max_warps_per_sm * gpu.warp_size
    assert gpu.smem_kb_per_block == gpu.smem_kb_per_sm - 1
    assert gpu.max_threads_per_block <= gpu.max_threads_per_sm
    multiply_adds = 2 * gpu.sm_count * LANES[gpu.compute_capability] * gpu.boost_clock_mhz * 1e6
    assert gpu.peak_tflops["fp32"] == pytest.approx(multiply_adds / 1e12, rel=0.01)
    assert gpu.peak_tflops["tf32"] <= gpu.peak_tflops["bf16"] == gpu.peak_tflops["fp16"]
    assert gpu.dram_gb_per_s < gpu.l2_gb_per_s


@pytest.mark.parametrize("gpu_id", known_gpus())
def test_a_file_says_where_its_figures_come_from_and_which_are_estimates(gpu_id):
    assert "NVIDIA" in gpu_named(gpu_id).source
    assert "l2_gb_per_s is our own estimate" in (FOLDER / f"{gpu_id}.toml").read_text()


def test_the_4090_has_the_figures_that_its_prompts_always_quoted():
    gpu = gpu_named("rtx4090")
    assert (gpu.name, gpu.architecture, gpu.compute_capability, gpu.arch) == ("4090", "Ada Lovelace", "8.9", 89)
    assert (gpu.sm_count, gpu.dram_gb_per_s, gpu.l2_mb) == (128, 1008, 72)
    assert (gpu.peak_tflops["tf32"], gpu.peak_tflops["bf16"], gpu.peak_tflops["fp16"]) == (82.6, 165.2, 165.2)
    assert (gpu.max_registers_per_thread, gpu.max_threads_per_block, gpu.max_threads_per_sm) == (255, 1024, 1536)
    assert (gpu.warp_size, gpu.max_warps_per_sm, gpu.smem_kb_per_sm, gpu.smem_kb_per_block) == (32, 48, 100, 99)


@pytest.mark.parametrize(
    ("device", "gpu_id"),
    [
        ("NVIDIA GeForce RTX 4090", "rtx4090"),
        ("NVIDIA H200", "h200"),
        ("NVIDIA H100 80GB HBM3", "h100"),
        ("NVIDIA A100-SXM4-80GB", "a100"),
    ],
)
def test_a_card_is_known_by_the_name_that_its_driver_gives(device, gpu_id):
    found = gpu_of_device(device)
    assert found is not None
    assert found.id == gpu_id


def test_a_card_without_a_file_is_not_taken_for_another():
    assert gpu_of_device("NVIDIA GeForce RTX 4090 Laptop GPU") is None


def test_no_two_files_claim_the_same_card():
    names = [name for each in known_gpus() for name in gpu_named(each).device_names]
    assert len(names) == len(set(names))


def test_an_unknown_gpu_is_refused_with_the_nearest_known_one():
    with pytest.raises(SandboxError, match=r"no GPU 'rtx-4090'; did you mean 'rtx4090'\?.*h200"):
        gpu_named("rtx-4090")
