"""Puts the activation after the first hidden layer and forgets it after the others.

loses: q4a-model

says: Only the first hidden layer has an activation: for which layers does (4.1) hold?
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        layers = []
        last = input_size
        for i, size in enumerate(hidden_sizes):
            layers.append(nn.Linear(last, size))
            if batch_norm:
                layers.append(nn.BatchNorm1d(size))
            if i == 0:
                layers.append(ACTIVATIONS[activation]())
            if dropout:
                layers.append(nn.Dropout(dropout))
            last = size
        layers.append(nn.Linear(last, num_classes))
        self.layers = nn.Sequential(*layers)

    def forward(self, X):
        return self.layers(X)
