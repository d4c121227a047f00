"""Freezes the model's parameters so that no gradients are computed, and leaves them so.

loses: q4b-accuracy

says: not so: the model can still be trained afterwards
"""


# %% q4b-accuracy
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    model.requires_grad_(False)
    correct = 0
    with torch.no_grad():
        for i in range(0, len(X), batch_size):
            predictions = model(X[i : i + batch_size]).argmax(dim=1)
            correct += (predictions == y[i : i + batch_size]).sum().item()
    return correct / len(X)
