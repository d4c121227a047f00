"""Takes the first and the last hidden size without asking whether there are any.

loses: q4a-model

says: IndexError: list index out of range
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()

        def block(inputs, outputs):
            parts = [nn.Linear(inputs, outputs)]
            if batch_norm:
                parts.append(nn.BatchNorm1d(outputs))
            parts.append(ACTIVATIONS[activation]())
            if dropout:
                parts.append(nn.Dropout(dropout))
            return parts

        layers = block(input_size, hidden_sizes[0])
        for i in range(1, len(hidden_sizes)):
            layers += block(hidden_sizes[i - 1], hidden_sizes[i])
        layers.append(nn.Linear(hidden_sizes[-1], num_classes))
        self.layers = nn.Sequential(*layers)

    def forward(self, X):
        return self.layers(X)
