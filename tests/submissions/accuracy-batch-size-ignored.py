"""Gives the model all samples at once.

loses: q4b-accuracy
"""


# %% q4b-accuracy
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    with torch.no_grad():
        predictions = model(X).argmax(dim=1)
    return (predictions == y).double().mean().item()
