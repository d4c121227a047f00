"""Hands the optimizer a closure, and builds the network from its last layer to its first.

loses: nothing
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        sizes = [input_size, *hidden_sizes, num_classes]
        layers = [nn.Linear(sizes[-2], sizes[-1])]
        for n in range(len(hidden_sizes), 0, -1):
            block = [nn.Linear(sizes[n - 1], sizes[n])]
            block += [nn.BatchNorm1d(sizes[n])] * batch_norm
            block += [ACTIVATIONS[activation](), nn.Dropout(p=dropout)]
            layers = block + layers
        self.model = nn.Sequential(*layers)

    def forward(self, X):
        z = X
        for layer in self.model:
            z = layer(z)
        return z


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    criterion = nn.CrossEntropyLoss(reduction="none")
    model.train()
    each = torch.empty(len(X), dtype=torch.float64)
    order = torch.randperm(len(X), generator=generator)
    while len(order):
        batch, order = order[:batch_size], order[batch_size:]

        def closure():
            optimizer.zero_grad()
            losses = criterion(model(X[batch]), y[batch])
            each[batch] = losses.detach().double().cpu()
            losses.mean().backward()
            return losses.mean()

        optimizer.step(closure)
    return each.mean().item()


# %% q4b-accuracy
def accuracy(model, X, y, batch_size=1000):
    predictions = []
    was_enabled = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        model.eval()
        for i in range((len(X) + batch_size - 1) // batch_size):
            predictions.append(model(X[i * batch_size : (i + 1) * batch_size]).topk(1, dim=1).indices[:, 0])
    finally:
        torch.set_grad_enabled(was_enabled)
    return (torch.cat(predictions) == y).float().mean().item()
