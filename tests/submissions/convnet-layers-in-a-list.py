"""Keeps the blocks in a Python list, so that PyTorch does not know them.

loses: q8c-network

says: layers in a Python list are not registered
"""


# %% q8c-network
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        self.blocks = []
        for width in widths:
            for _ in range(depth):
                self.blocks += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
                channels = width
            self.blocks.append(nn.MaxPool2d(2))
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, X):
        for block in self.blocks:
            X = block(X)
        return self.classifier(X.mean(dim=(2, 3)))
