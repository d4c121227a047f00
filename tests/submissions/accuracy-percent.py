"""Returns percent.

loses: q4b-accuracy

says: It is 100 times what it should be: a share lies between 0 and 1.
"""


# %% q4b-accuracy
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    correct = 0
    with torch.no_grad():
        for i in range(0, len(X), batch_size):
            predictions = model(X[i : i + batch_size]).argmax(dim=1)
            correct += (predictions == y[i : i + batch_size]).sum().item()
    return 100 * correct / len(X)
