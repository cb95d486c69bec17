# task = "conv_groupnorm"
# odd = "convolves by Winograd's algebra, F(2x2, 3x3), on kept transformed filters"
import torch
from torch import nn

INPUT = [[1.0, 0.0, -1.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, -1.0, 1.0, 0.0], [0.0, 1.0, 0.0, -1.0]]
FILTER = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]]
OUTPUT = [[1.0, 1.0, 1.0, 0.0], [0.0, 1.0, -1.0, -1.0]]


class ModelNew(nn.Module):
    def __init__(self, channels, out_channels, groups):
        super().__init__()
        self.conv = nn.Conv2d(channels, out_channels, 3, padding=1)
        self.norm = nn.GroupNorm(groups, out_channels)
        for name, matrix in (("input", INPUT), ("filter", FILTER), ("output", OUTPUT)):
            self.register_buffer(f"of_{name}", torch.tensor(matrix), persistent=False)

    def forward(self, x):
        batch, channels, height, width = x.shape
        tiles = nn.functional.pad(x, (1, 1, 1, 1)).unfold(2, 4, 2).unfold(3, 4, 2)
        tiles = self.of_input @ tiles @ self.of_input.t()
        filters = self.of_filter @ self.conv.weight @ self.of_filter.t()
        products = torch.einsum("bchwij,ocij->bohwij", tiles, filters)
        outputs = self.of_output @ products @ self.of_output.t()
        y = outputs.permute(0, 1, 2, 4, 3, 5).reshape(batch, -1, height, width)
        return self.norm(y + self.conv.bias[:, None, None])
