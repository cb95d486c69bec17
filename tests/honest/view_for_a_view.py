# task = "heads"
# odd = "launches nothing and returns a view of its input, as the reference does"
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.heads = heads

    def forward(self, x):
        batch, length, features = x.shape
        return x.view(batch, length, self.heads, features // self.heads).permute(0, 2, 1, 3)
