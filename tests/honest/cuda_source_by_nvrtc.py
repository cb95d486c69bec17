# task = "softmax"
# odd = "compiles CUDA C++ at run time and launches it itself"
# places = ["cuda"]
import torch
from torch import nn

SOURCE = r"""
extern "C" __global__ void softmax_rows(const float* x, const float* scale, float* y, int columns) {
    __shared__ float shared[256];
    const float* row = x + (long)blockIdx.x * columns;
    float most = __int_as_float(0xff800000);
    for (int at = threadIdx.x; at < columns; at += blockDim.x) most = fmaxf(most, row[at] * scale[at]);
    shared[threadIdx.x] = most;
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) shared[threadIdx.x] = fmaxf(shared[threadIdx.x], shared[threadIdx.x + half]);
        __syncthreads();
    }
    most = shared[0];
    __syncthreads();
    float total = 0;
    for (int at = threadIdx.x; at < columns; at += blockDim.x) total += expf(row[at] * scale[at] - most);
    shared[threadIdx.x] = total;
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) shared[threadIdx.x] += shared[threadIdx.x + half];
        __syncthreads();
    }
    total = shared[0];
    for (int at = threadIdx.x; at < columns; at += blockDim.x)
        y[(long)blockIdx.x * columns + at] = expf(row[at] * scale[at] - most) / total;
}
"""


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))
        self.kernel = None

    def forward(self, x):
        if self.kernel is None:
            self.kernel = torch.cuda._compile_kernel(SOURCE, "softmax_rows")
        y = torch.empty_like(x)
        self.kernel((x.shape[0], 1, 1), (256, 1, 1), (x, self.scale, y, x.shape[1]))
        return y
