import torch
from torch import nn

steps = 32
batch_size = 512
in_features = 512
hidden = 1000


class Model(nn.Module):
    """An LSTM cell run over a sequence: every hidden state, and the last cell state."""

    def __init__(self, in_features, hidden):
        super().__init__()
        self.hidden = hidden
        self.cell = nn.LSTMCell(in_features, hidden)
        nn.init.normal_(self.cell.weight_ih, std=in_features**-0.5)
        nn.init.normal_(self.cell.weight_hh, std=hidden**-0.5)
        nn.init.normal_(self.cell.bias_ih, std=0.5)
        nn.init.normal_(self.cell.bias_hh, std=0.5)

    def forward(self, x):
        state = x.new_zeros(x.shape[1], self.hidden)
        memory = torch.zeros_like(state)
        states = []
        for step in x:
            state, memory = self.cell(step, (state, memory))
            states.append(state)
        return torch.stack(states), memory


def get_inputs():
    return [torch.randn(steps, batch_size, in_features)]


def get_init_inputs():
    return [in_features, hidden]
