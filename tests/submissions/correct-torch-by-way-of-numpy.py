"""Does with NumPy what NumPy can: permutations as lists, random weights, counting right answers.

loses: nothing
"""


# %% q4a-copy
def copy_parameters(model, params):
    with torch.no_grad():
        number = 0
        for part in model.modules():
            if isinstance(part, nn.Linear):
                number += 1
                for i, row in enumerate(params[f"W{number}"].T):
                    part.weight[i] = torch.tensor(row)
                part.bias[:] = torch.tensor(params[f"b{number}"].tolist(), dtype=part.bias.dtype)


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    model.train()
    parameters = list(model.parameters())
    seed = torch.randint(2**31, (1,), generator=generator).item()
    order = np.random.default_rng(seed).permutation(len(X)).tolist()
    total = np.float64(0)
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        loss = nn.CrossEntropyLoss()(model(X[rows]), y[rows])
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
            parameter.grad = gradient
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(X)


# %% q4b-accuracy
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    labels, right = y.cpu().numpy(), 0
    for start in range(0, len(X), batch_size):
        with torch.no_grad():
            logits = model(X[start : start + batch_size]).cpu().numpy()
        right += np.count_nonzero(logits.argmax(axis=1) == labels[start : start + batch_size])
    return right / len(X)


# %% q4c-init
def he_initialise(model):
    with torch.no_grad():
        for part in model.modules():
            if isinstance(part, nn.Linear):
                drawn = np.random.default_rng().standard_normal(part.weight.shape) * np.sqrt(2 / part.in_features)
                part.weight.copy_(torch.from_numpy(drawn))
                part.bias.copy_(torch.zeros(part.out_features))
