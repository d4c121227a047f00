"""Draws batches with samplers, measures with a DataLoader, and switches unused parts to nn.Identity.

loses: nothing
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        blocks = []
        for size in hidden_sizes:
            blocks.append(
                nn.Sequential(
                    nn.Linear(input_size, size),
                    nn.BatchNorm1d(size) if batch_norm else nn.Identity(),
                    nn.ReLU(inplace=True) if activation == "relu" else ACTIVATIONS[activation](),
                    nn.Dropout(dropout) if dropout else nn.Identity(),
                )
            )
            input_size = size
        self.net = nn.Sequential(*blocks, nn.Linear(input_size, num_classes))
        he_initialise_now(self)

    def forward(self, X):
        return self.net(X)


def he_initialise_now(network):
    for part in network.modules():
        if isinstance(part, nn.Linear):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            nn.init.zeros_(part.bias)


# %% q4b-epoch
from torch.utils.data import BatchSampler, RandomSampler


def train_epoch(model, optimizer, X, y, batch_size, generator):
    cross_entropy = nn.CrossEntropyLoss(reduction="sum")
    model.train()
    total = 0.0
    for indices in BatchSampler(RandomSampler(X, generator=generator), batch_size, drop_last=False):
        loss = cross_entropy(model(X[indices]), y[indices])
        optimizer.zero_grad()
        (loss / len(indices)).backward()
        optimizer.step()
        total += loss.item()
    return total / len(X)


# %% q4b-accuracy
from torch.utils.data import DataLoader, TensorDataset


@torch.inference_mode()
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    correct = total = 0
    for images, labels in DataLoader(TensorDataset(X, y), batch_size=batch_size, shuffle=False):
        outputs = model(images)
        total += labels.size(0)
        correct += outputs.argmax(dim=1).eq(labels).sum().item()
    return correct / total


# %% q4c-init
he_initialise = he_initialise_now
