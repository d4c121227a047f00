"""Right answers to notebook 04 that look different: each must keep its marks.

loses: nothing
"""


# %% q4a-model · block-class
# Makes each hidden layer a module of a class of its own.
class HiddenLayer(nn.Module):
    def __init__(self, n_in, n_out, activation, batch_norm, dropout):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)
        self.norm = nn.BatchNorm1d(n_out) if batch_norm else None
        self.activation = ACTIVATIONS[activation]()
        self.dropout = nn.Dropout(dropout)

    def forward(self, X):
        X = self.linear(X)
        if self.norm is not None:
            X = self.norm(X)
        return self.dropout(self.activation(X))


class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        sizes = [input_size, *hidden_sizes]
        options = (activation, batch_norm, dropout)
        self.hidden = nn.ModuleList(HiddenLayer(sizes[i], sizes[i + 1], *options) for i in range(len(hidden_sizes)))
        self.output = nn.Linear(sizes[-1], num_classes)

    def forward(self, X):
        for layer in self.hidden:
            X = layer(X)
        return self.output(X)


# %% q4a-model · is-a-sequential
# Is a nn.Sequential itself, and inherits forward.
class MultiLayerPerceptron(nn.Sequential):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        size = input_size
        for hidden_size in hidden_sizes:
            self.append(nn.Linear(size, hidden_size))
            if batch_norm:
                self.append(nn.BatchNorm1d(hidden_size))
            self.append(ACTIVATIONS[activation]())
            self.append(nn.Dropout(dropout))
            size = hidden_size
        self.append(nn.Linear(size, num_classes))


# %% q4a-model · ordered-dict-of-parts
# Names the parts of a nn.Sequential in an OrderedDict.
from collections import OrderedDict


class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        parts = OrderedDict()
        for i, (n_in, n_out) in enumerate(pairwise([input_size, *hidden_sizes, num_classes]), start=1):
            parts[f"fc{i}"] = nn.Linear(n_in, n_out)
            if i <= len(hidden_sizes):
                if batch_norm:
                    parts[f"bn{i}"] = nn.BatchNorm1d(n_out)
                parts[f"act{i}"] = ACTIVATIONS[activation]()
                if dropout != 0:
                    parts[f"drop{i}"] = nn.Dropout(p=dropout)
        self.net = nn.Sequential(parts)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        logits = self.net(X)
        return logits


# %% q4a-model · lazy-linear
# Lets the linear layers find their own number of inputs, and goes forward once.
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        parts = []
        for size in hidden_sizes:
            parts += [nn.LazyLinear(size), *([nn.BatchNorm1d(size)] if batch_norm else [])]
            parts += [ACTIVATIONS[activation](), nn.Dropout(dropout)]
        self.layers = nn.Sequential(*parts, nn.LazyLinear(num_classes)).eval()
        with torch.no_grad():
            self.layers(torch.zeros(1, input_size))
        self.layers.train()

    def forward(self, X):
        return self.layers(X)


# %% q4a-copy · state-dict-of-each-layer
# Loads a state dict into each layer.
def copy_parameters(model, params):
    number = 0
    for part in model.modules():
        if isinstance(part, nn.Linear):
            number += 1
            W, b = params[f"W{number}"], params[f"b{number}"]
            part.load_state_dict({"weight": torch.from_numpy(W.T.copy()), "bias": torch.from_numpy(b.copy())})


# %% q4a-copy · in-place-on-data
# Assigns to the whole of .data.
def copy_parameters(model, params):
    layers = [part for part in model.modules() if isinstance(part, nn.Linear)]
    layers[0].weight.data[:] = torch.tensor(params["W1"]).t()
    layers[0].bias.data[:] = torch.tensor(params["b1"])
    layers[1].weight.data[:] = torch.tensor(params["W2"]).t()
    layers[1].bias.data[:] = torch.tensor(params["b2"])


# %% q4a-copy · zeroed-and-added
# Sets the parameters to zero and adds.
@torch.no_grad()
def copy_parameters(model, params):
    linear = (part for part in model.modules() if isinstance(part, nn.Linear))
    for number, layer in enumerate(linear, start=1):
        layer.weight.zero_().add_(torch.as_tensor(params[f"W{number}"].T, device=layer.weight.device))
        layer.bias.zero_().add_(torch.as_tensor(params[f"b{number}"], device=layer.bias.device))


# %% q4a-copy · apply-and-count
# Counts linear layers as apply comes to them.
def copy_parameters(model, params):
    numbers = iter("12")

    def fill(part):
        if isinstance(part, nn.Linear):
            number = next(numbers)
            with torch.no_grad():
                part.weight.copy_(torch.tensor(params["W" + number]).T)
                part.bias.copy_(torch.tensor(params["b" + number]))

    model.apply(fill)


# %% q4a-copy · down-through-the-children
# Looks for linear layers by going down through the children.
def _linear_layers(module: nn.Module) -> list[nn.Linear]:
    if isinstance(module, nn.Linear):
        return [module]
    return [layer for child in module.children() for layer in _linear_layers(child)]


def copy_parameters(model: nn.Module, params: dict[str, np.ndarray]) -> None:
    first, second = _linear_layers(model)
    with torch.no_grad():
        for parameter, values in (
            (first.weight, params["W1"].T),
            (first.bias, params["b1"]),
            (second.weight, params["W2"].T),
            (second.bias, params["b2"]),
        ):
            parameter.copy_(torch.tensor(np.ascontiguousarray(values), dtype=parameter.dtype))


# %% q4a-copy · named-parameters
# Finds the parameters by their names in the model.
def copy_parameters(model, params):
    named = dict(model.named_parameters())
    linear = [name for name, part in model.named_modules() if isinstance(part, nn.Linear)]
    for layer, number in zip(linear, (1, 2)):
        weight, bias = named[f"{layer}.weight"], named[f"{layer}.bias"]
        weight.data.copy_(torch.from_numpy(params[f"W{number}"]).transpose(0, 1))
        bias.data.copy_(torch.from_numpy(params[f"b{number}"]))
    print("copied to", *linear)


# %% q4a-copy · new-parameters
# Puts new parameters in the place of the old ones.
def copy_parameters(model, params):
    linear = [part for part in model.modules() if isinstance(part, nn.Linear)]
    for layer, W, b in zip(linear, ("W1", "W2"), ("b1", "b2")):
        layer.weight = nn.Parameter(torch.tensor(params[W].T).to(layer.weight))
        layer.bias = nn.Parameter(torch.tensor(params[b]).to(layer.bias))


# %% q4b-epoch · running-mean
# Keeps the mean so far, and forgets gradients through the model.
def train_epoch(model, optimizer, X, y, batch_size, generator):
    model.train()
    criterion = nn.CrossEntropyLoss()
    mean, seen = 0.0, 0
    for batch in torch.randperm(len(X), generator=generator).to(X.device).split(batch_size):
        model.zero_grad()
        loss = criterion(model(X[batch]), y[batch])
        loss.backward()
        optimizer.step()
        seen += len(batch)
        mean += (loss.item() - mean) * len(batch) / seen
    return mean


# %% q4b-epoch · sorted-random-numbers
# Sorts random numbers for the order, and picks from the logarithms of the probabilities.
def train_epoch(model, optimizer, X, y, batch_size, generator):
    N = X.shape[0]
    order = torch.rand(N, generator=generator, dtype=torch.float64).argsort().to(X.device)
    X, y = X[order], y[order]
    model.train()
    total = 0.0
    for start in range(0, N, batch_size):
        X_batch, y_batch = X[start : start + batch_size], y[start : start + batch_size]
        log_P = torch.log_softmax(model(X_batch), dim=1)
        losses = -log_P.gather(1, y_batch.unsqueeze(1)).squeeze(1)
        optimizer.zero_grad()
        losses.mean().backward()
        optimizer.step()
        total += losses.detach().sum().item()
    return total / N


# %% q4b-epoch · progress-bar
# Shows a progress bar; forgets gradients at the start and after each step.
from tqdm import tqdm


def train_epoch(model, optimizer, X, y, batch_size, generator):
    model.train()
    optimizer.zero_grad()
    losses, order = np.zeros(len(X)), torch.randperm(len(X), generator=generator)
    with tqdm(total=len(X), unit="sample", leave=False) as bar:
        for start in range(0, len(X), batch_size):
            chosen = order[start : start + batch_size].to(X.device)
            with torch.enable_grad():
                loss = torch.nn.functional.cross_entropy(model(X[chosen]), y[chosen])
                loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses[start : start + batch_size] = loss.item()
            bar.update(len(chosen))
            bar.set_postfix(loss=loss.item())
    return losses.mean()


# %% q4b-epoch · tensor-of-losses
# Adds the sum of the losses to a tensor, without a graph.
def train_epoch(model, optimizer, X, y, batch_size, generator):
    total, N = torch.zeros((), dtype=torch.float64), len(y)
    model.train()
    for indices in torch.utils.data.DataLoader(range(N), batch_size=batch_size, shuffle=True, generator=generator):
        optimizer.zero_grad()
        output, target = model(X[indices]), y[indices]
        loss = nn.CrossEntropyLoss(reduction="mean")(output, target)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            total += nn.functional.cross_entropy(output, target, reduction="sum").cpu()
    return float(total) / N


# %% q4b-accuracy · the-labels-logit-is-the-highest
# Asks whether the label's logit is the highest.
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    right = 0
    with torch.no_grad():
        for start in range(0, len(X), batch_size):
            logits = model(X[start : start + batch_size])
            own = logits.gather(1, y[start : start + batch_size, None])
            right += int((own.squeeze(1) >= logits.amax(dim=1)).sum())
    return right / len(X)


# %% q4b-accuracy · confusion-matrix
# Counts a confusion matrix and takes its diagonal.
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(part) for part in X.split(batch_size)])
    K = logits.shape[1]
    counts = torch.bincount(y * K + logits.argmax(dim=1), minlength=K * K).reshape(K, K)
    return counts.trace().item() / counts.sum().item()


# %% q4b-accuracy · mean-of-a-list
# Collects right and wrong in a list of Python's own numbers.
import statistics


def accuracy(model, X, y, batch_size=1000):
    right = []
    with torch.set_grad_enabled(False):
        for begin in range(0, X.size(0), batch_size):
            guesses = model.eval()(X[begin : begin + batch_size]).max(dim=1).indices
            right.extend(int(g == label) for g, label in zip(guesses.tolist(), y[begin : begin + batch_size].tolist()))
    return statistics.fmean(right)


# %% q4c-init · torch-normal
# Draws with torch.normal and copies.
def he_initialise(model):
    for part in model.modules():
        if isinstance(part, nn.Linear):
            n = part.in_features
            drawn = torch.normal(0.0, (2 / n) ** 0.5, size=tuple(part.weight.shape), device=part.weight.device)
            with torch.no_grad():
                part.weight.copy_(drawn)
                part.bias.mul_(0)


# %% q4c-init · distribution
# Samples from a distribution of torch.distributions.
from torch.distributions import Normal


def he_initialise(model):
    linear = filter(lambda part: isinstance(part, nn.Linear), model.modules())
    for layer in linear:
        spread = Normal(0.0, torch.tensor(2.0 / layer.in_features).sqrt())
        layer.weight.data.copy_(spread.sample(layer.weight.shape))
        layer.bias.data.zero_()


# %% q4c-init · gain-and-fan
# Divides the gain of the ReLU by the square root of the fan.
@torch.no_grad()
def he_initialise(model: nn.Module) -> None:
    gain = nn.init.calculate_gain("relu")
    for part in model.modules():
        if not isinstance(part, nn.Linear):
            continue
        std = gain / np.sqrt(part.weight.size(1))
        part.weight.normal_().mul_(std)
        part.bias.fill_(0)


# %% q4c-init · stack-of-parts
# Goes through the model with a stack, and sets whole tensors.
def he_initialise(model):
    stack = [model]
    while stack:
        part = stack.pop()
        stack.extend(part.children())
        if type(part) is nn.Linear:
            part.weight.data[...] = torch.randn(part.weight.shape) / (part.in_features / 2) ** 0.5
            part.bias.data[...] = 0.0


# %% q4c-init · seeded-from-torch
# Draws with a generator of NumPy, seeded by PyTorch's.
def he_initialise(model):
    rng = np.random.default_rng(torch.randint(2**31, (1,)).item())
    for name, part in model.named_modules():
        match part:
            case nn.Linear():
                drawn = rng.normal(0, np.sqrt(2 / part.in_features), part.weight.shape)
                part.weight.data = torch.from_numpy(drawn).to(part.weight)
                nn.init.zeros_(part.bias)
                print(f"{name}: {part.weight.std():.3g}")


# %% q4c-init · default-of-kaiming
# Leaves kaiming_normal_ its defaults, which are those of the ReLU.
def _init(part):
    if isinstance(part, nn.Linear):
        torch.nn.init.kaiming_normal_(part.weight, a=0, mode="fan_in")
        with torch.no_grad():
            part.bias *= 0


he_initialise = lambda model: [_init(part) for part in model.modules()] and None  # noqa: E731
