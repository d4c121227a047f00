"""Lets the optimizer take one step, with the last batch's gradient, after the loop.

loses: q4b-epoch

says: The weights have moved once, by the last batch: how many steps does an epoch have?
"""


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    criterion = nn.CrossEntropyLoss()
    model.train()
    total = 0.0
    perm = torch.randperm(len(X), generator=generator)
    for i in range(0, len(X), batch_size):
        idx = perm[i : i + batch_size]
        optimizer.zero_grad()
        loss = criterion(model(X[idx]), y[idx])
        loss.backward()
        total += loss.item() * len(idx)
    optimizer.step()
    return total / len(X)
