"""Keeps the layers in a Python list, so that the module does not know their parameters.

loses: q4a-model

says: layers in a Python list are not registered
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        self.hidden = []
        last = input_size
        for size in hidden_sizes:
            self.hidden.append(nn.Linear(last, size))
            if batch_norm:
                self.hidden.append(nn.BatchNorm1d(size))
            self.hidden.append(ACTIVATIONS[activation]())
            if dropout:
                self.hidden.append(nn.Dropout(dropout))
            last = size
        self.output = nn.Linear(last, num_classes)

    def forward(self, X):
        for layer in self.hidden:
            X = layer(X)
        return self.output(X)
