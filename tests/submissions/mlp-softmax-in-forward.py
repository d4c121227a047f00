"""Applies a softmax to the last layer, so that the outputs are probabilities.

loses: q4a-model

says: These are probabilities: what does (4.2) ask for?
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        layers = []
        last = input_size
        for size in hidden_sizes:
            layers.append(nn.Linear(last, size))
            if batch_norm:
                layers.append(nn.BatchNorm1d(size))
            layers.append(ACTIVATIONS[activation]())
            if dropout > 0:
                layers.append(nn.Dropout(dropout))
            last = size
        layers.append(nn.Linear(last, num_classes))
        layers.append(nn.Softmax(dim=1))
        self.network = nn.Sequential(*layers)

    def forward(self, X):
        return self.network(X)
