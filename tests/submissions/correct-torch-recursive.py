"""Makes a network of a hidden layer and a smaller network; sums losses on the device; prints and warns on the way.

loses: nothing
"""

# %% q4a-model
import warnings


class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        if not hidden_sizes:
            self.body = nn.Linear(input_size, num_classes)
            return
        first, *others = hidden_sizes
        parts = [nn.Linear(input_size, first), ACTIVATIONS[activation]()]
        if batch_norm:
            parts.insert(1, nn.BatchNorm1d(first))
        if dropout:
            parts.append(nn.Dropout(dropout))
        rest = MultiLayerPerceptron(first, others, num_classes, activation, batch_norm, dropout)
        self.body = nn.Sequential(*parts, rest)
        print(f"a layer of {first} units")

    def forward(self, X):
        return self.body(X)


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    model.train(mode=True)
    cross_entropy = nn.CrossEntropyLoss()
    losses = []
    order = torch.randperm(len(X), generator=generator, device=generator.device).to(X.device)
    for batch in order.split(batch_size):
        loss = cross_entropy(model(X.index_select(0, batch)), y.index_select(0, batch))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.detach() * len(batch))
    warnings.warn("an epoch is over", stacklevel=2)
    return torch.stack(losses).sum().item() / len(X)


# %% q4b-accuracy
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    total = 0.0
    with torch.no_grad():
        for start in range(0, len(X), batch_size):
            end = min(start + batch_size, len(X))
            share = (model(X[start:end]).argmax(dim=1) == y[start:end]).float().mean().item()
            total += share * (end - start)
    print(f"accuracy {total / len(X):.1%}")
    return total / len(X)


# %% q4c-init
def he_initialise(model):
    if isinstance(model, nn.Linear):
        nn.init.kaiming_normal_(model.weight, mode="fan_in", nonlinearity="relu")
        model.bias.data = torch.zeros_like(model.bias)
    for child in model.children():
        he_initialise(child)
