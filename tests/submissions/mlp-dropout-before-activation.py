"""Puts dropout between the linear part and the activation, which a sigmoid turns into one half.

loses: q4a-model

says: not so: in training, dropout=0.25 sets that share of a hidden layer's activations to 0
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        layers = []
        for inputs, outputs in zip([input_size, *hidden_sizes], hidden_sizes):
            layers.append(nn.Linear(inputs, outputs))
            if batch_norm:
                layers.append(nn.BatchNorm1d(outputs))
            if dropout:
                layers.append(nn.Dropout(dropout))
            layers.append(ACTIVATIONS[activation]())
        layers.append(nn.Linear([input_size, *hidden_sizes][-1], num_classes))
        self.layers = nn.Sequential(*layers)

    def forward(self, X):
        return self.layers(X)
