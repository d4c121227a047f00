"""Drops the inputs of every hidden layer instead of its outputs, so that the image loses pixels.

loses: q4a-model

says: not so: dropout leaves the input alone
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        layers = []
        for inputs, outputs in zip([input_size, *hidden_sizes], hidden_sizes):
            if dropout:
                layers.append(nn.Dropout(dropout))
            layers.append(nn.Linear(inputs, outputs))
            if batch_norm:
                layers.append(nn.BatchNorm1d(outputs))
            layers.append(ACTIVATIONS[activation]())
        layers.append(nn.Linear([input_size, *hidden_sizes][-1], num_classes))
        self.layers = nn.Sequential(*layers)

    def forward(self, X):
        return self.layers(X)
