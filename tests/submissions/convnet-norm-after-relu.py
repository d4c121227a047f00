"""Puts batch norm after the activation.

loses: q8c-network

says: not so: batch norm gets what the convolution gives, before the ReLU
"""


# %% q8c-network
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        layers = []
        for width in widths:
            for _ in range(depth):
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(width)]
                channels = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, X):
        return self.classifier(self.features(X).mean(dim=(2, 3)))
