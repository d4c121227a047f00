"""Divides the work among methods and small functions, and registers the parts by name, the output layer first.

loses: nothing
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        self.activation = activation
        self.batch_norm = batch_norm
        self.dropout = dropout
        self.sizes = (input_size, *hidden_sizes)
        self.parts = nn.ModuleDict({"output": nn.Linear(self.sizes[-1], num_classes)})
        for number in reversed(range(1, len(self.sizes))):
            self.parts[f"hidden_{number}"] = self._block(number)

    def _block(self, number):
        block = nn.Sequential()
        block.add_module("linear", nn.Linear(self.sizes[number - 1], self.sizes[number]))
        if self.batch_norm:
            block.add_module("norm", nn.BatchNorm1d(self.sizes[number]))
        block.add_module("activation", ACTIVATIONS[self.activation]())
        if self.dropout > 0:
            block.add_module("dropout", nn.Dropout(self.dropout))
        return block

    def _features(self, X):
        for number in range(1, len(self.sizes)):
            X = self.parts[f"hidden_{number}"](X)
        return X

    def forward(self, X):
        return self.parts["output"](self._features(X))


# %% q4a-copy
def _set(parameter, values):
    with torch.no_grad():
        parameter[...] = torch.as_tensor(values, dtype=parameter.dtype, device=parameter.device)


def copy_parameters(model, params):
    layers = [part for part in model.modules() if type(part) is nn.Linear]
    for layer, number in zip(layers, (1, 2)):
        _set(layer.weight, params[f"W{number}"].T)
        _set(layer.bias, params[f"b{number}"])


# %% q4b-epoch
def _batches(X, y, batch_size, generator):
    order = torch.randperm(len(X), generator=generator)
    X, y = X[order], y[order]
    for start in range(0, len(X), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


def _step(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss()(model(X), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_epoch(model, optimizer, X, y, batch_size, generator):
    model.train()
    return sum(len(b) * _step(model, optimizer, a, b) for a, b in _batches(X, y, batch_size, generator)) / len(X)


# %% q4b-accuracy
def _right(model, X, y):
    return int((model(X).argmax(dim=-1) == y).sum())


def accuracy(model, X, y, batch_size=1000):
    mode = model.training
    model.eval()
    starts = range(0, len(X), batch_size)
    with torch.no_grad():
        right = sum(_right(model, X[s : s + batch_size], y[s : s + batch_size]) for s in starts)
    model.train(mode)
    return right / len(X)


# %% q4c-init
def _initialise(part):
    if isinstance(part, nn.Linear):
        nn.init.kaiming_normal_(part.weight)
        nn.init.constant_(part.bias, 0)


def he_initialise(model):
    model.apply(_initialise)
