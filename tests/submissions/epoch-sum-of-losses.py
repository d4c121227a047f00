"""Trains on the sum of a batch's losses, and reports the mean.

loses: q4b-epoch

says: The step is as many times too long as a batch has samples: is the loss of a batch a sum or a mean?
"""


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    criterion = nn.CrossEntropyLoss(reduction="sum")
    model.train()
    total = 0.0
    perm = torch.randperm(len(X), generator=generator)
    for i in range(0, len(X), batch_size):
        idx = perm[i : i + batch_size]
        optimizer.zero_grad()
        loss = criterion(model(X[idx]), y[idx])
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(X)
