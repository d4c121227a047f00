"""Applies a softmax to the logits.

loses: q8c-network

says: Each row sums to 1: are these logits still?
"""


# %% q8c-network
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        layers = []
        for width in widths:
            for _ in range(depth):
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
                channels = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, X):
        return self.classifier(self.features(X).mean(dim=(2, 3))).softmax(dim=1)
