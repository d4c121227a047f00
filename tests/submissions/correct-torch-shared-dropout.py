"""Makes one dropout and one activation, and calls them after every hidden layer.

loses: nothing
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        sizes = [input_size, *hidden_sizes]
        self.linears = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, hidden_sizes))
        self.norms = nn.ModuleList(nn.BatchNorm1d(b) if batch_norm else nn.Identity() for b in hidden_sizes)
        self.activation = ACTIVATIONS[activation]()
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(sizes[-1], num_classes)

    def forward(self, X):
        for linear, norm in zip(self.linears, self.norms):
            X = self.dropout(self.activation(norm(linear(X))))
        return self.out(X)
