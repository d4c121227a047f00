"""Puts no activation between the linear layers.

loses: q4a-model

says: This is a network without activations, a single linear map: what is around the sum in (4.1)?
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        self.activation = ACTIVATIONS[activation]()
        layers = []
        for inputs, outputs in zip([input_size, *hidden_sizes], hidden_sizes):
            layers.append(nn.Linear(inputs, outputs))
            if batch_norm:
                layers.append(nn.BatchNorm1d(outputs))
            if dropout:
                layers.append(nn.Dropout(dropout))
        layers.append(nn.Linear([input_size, *hidden_sizes][-1], num_classes))
        self.layers = nn.Sequential(*layers)

    def forward(self, X):
        return self.layers(X)
