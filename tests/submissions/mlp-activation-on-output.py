"""Puts the activation after the last layer, too.

loses: q4a-model

says: The logits have gone through the activation: is there one in (4.2)?
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        sizes = [input_size, *hidden_sizes, num_classes]
        layers = []
        for i in range(len(sizes) - 1):
            layers.append(nn.Linear(sizes[i], sizes[i + 1]))
            is_last = i == len(sizes) - 2
            if batch_norm and not is_last:
                layers.append(nn.BatchNorm1d(sizes[i + 1]))
            layers.append(ACTIVATIONS[activation]())
            if dropout and not is_last:
                layers.append(nn.Dropout(dropout))
        self.layers = nn.Sequential(*layers)

    def forward(self, X):
        return self.layers(X)
