"""Shuffles the samples but not their labels.

loses: q4b-epoch

says: not so: every sample keeps its label
"""


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    criterion = nn.CrossEntropyLoss()
    model.train()
    total = 0.0
    X = X[torch.randperm(len(X), generator=generator)]
    for i in range(0, len(X), batch_size):
        optimizer.zero_grad()
        loss = criterion(model(X[i : i + batch_size]), y[i : i + batch_size])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X[i : i + batch_size])
    return total / len(X)
