"""Gives probabilities to nn.CrossEntropyLoss, which wants logits.

loses: q4b-epoch

says: This is the loss of probabilities: does nn.CrossEntropyLoss want those, or logits?
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
        probabilities = torch.softmax(model(X[idx]), dim=1)
        loss = criterion(probabilities, y[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    return total / len(X)
