"""Clips the gradients' norm to 1 as seen in a tutorial.

loses: q4b-epoch

says: The step has the right direction and is too short: is anything done to the gradients that SGD does not do?
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
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item() * len(idx)
    return total / len(X)
