"""Forgets the gradients between backward and the optimizer's step.

loses: q4b-epoch

says: The weights have not moved at all: what is left of the gradients when the optimizer takes its step?
"""


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    criterion = nn.CrossEntropyLoss()
    model.train()
    total = 0.0
    perm = torch.randperm(len(X), generator=generator)
    for i in range(0, len(X), batch_size):
        idx = perm[i : i + batch_size]
        loss = criterion(model(X[idx]), y[idx])
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(idx)
    return total / len(X)
