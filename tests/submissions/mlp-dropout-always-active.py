"""Calls F.dropout without saying whether the model is training, so that it drops in evaluation mode, too.

loses: q4a-model

says: not so: dropout rests in evaluation mode
"""

# %% q4a-model
import torch.nn.functional as F


class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        sizes = [input_size, *hidden_sizes]
        self.linears = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, hidden_sizes)])
        self.norms = nn.ModuleList([nn.BatchNorm1d(b) if batch_norm else nn.Identity() for b in hidden_sizes])
        self.activation = ACTIVATIONS[activation]()
        self.out = nn.Linear(sizes[-1], num_classes)
        self.dropout = dropout

    def forward(self, X):
        for linear, norm in zip(self.linears, self.norms):
            X = F.dropout(self.activation(norm(linear(X))), self.dropout)
        return self.out(X)
