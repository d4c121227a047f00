"""Makes its own SGD with a rate of 0.1 and leaves the given optimizer alone.

loses: q4b-epoch

says: not so: only the given optimizer moves the model, here at a rate of 0
"""


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.train()
    total = 0.0
    perm = torch.randperm(len(X), generator=generator)
    for i in range(0, len(X), batch_size):
        idx = perm[i : i + batch_size]
        optimizer.zero_grad()
        loss = criterion(model(X[idx]), y[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    return total / len(X)
