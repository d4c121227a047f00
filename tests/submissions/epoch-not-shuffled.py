"""Goes through the samples in their order.

loses: q4b-epoch

says: not so: the order is shuffled
"""


# %% q4b-epoch
def train_epoch(model, optimizer, X, y, batch_size, generator):
    criterion = nn.CrossEntropyLoss()
    model.train()
    total = 0.0
    for X_batch, y_batch in zip(X.split(batch_size), y.split(batch_size)):
        optimizer.zero_grad()
        loss = criterion(model(X_batch), y_batch)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(X_batch)
    return total / len(X)
