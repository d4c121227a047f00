"""Starts the generator anew each time, so that every epoch has the order of the first.

loses: q4b-epoch

says: not so: the next epoch with the same generator has another order
"""


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    criterion = nn.CrossEntropyLoss()
    model.train()
    total = 0.0
    rng = np.random.default_rng(generator.initial_seed())
    perm = torch.from_numpy(rng.permutation(len(X)))
    for i in range(0, len(X), batch_size):
        idx = perm[i : i + batch_size]
        optimizer.zero_grad()
        loss = criterion(model(X[idx]), y[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    return total / len(X)
