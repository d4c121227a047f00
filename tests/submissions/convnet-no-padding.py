"""Leaves the padding out.

loses: q8c-network

says: get images of the right sizes: only pooling makes them smaller
"""


# %% q8c-network
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        layers = []
        for width in widths:
            for _ in range(depth):
                layers += [nn.Conv2d(channels, width, 3), nn.BatchNorm2d(width), nn.ReLU()]
                channels = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, X):
        return self.classifier(self.features(X).mean(dim=(2, 3)))
