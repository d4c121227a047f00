"""Switches gradients off for good.

loses: q4b-accuracy

says: not so: gradients are recorded again afterwards
"""


# %% q4b-accuracy
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    torch.set_grad_enabled(False)
    correct = 0
    for i in range(0, len(X), batch_size):
        predictions = model(X[i : i + batch_size]).argmax(dim=1)
        correct += (predictions == y[i : i + batch_size]).sum().item()
    return correct / len(X)
