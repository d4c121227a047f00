"""Gives the model all samples at once.

loses: q4b-accuracy

says: not so: the model gets 23 samples in batches of 10
"""


# %% q4b-accuracy
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    with torch.no_grad():
        predictions = model(X).argmax(dim=1)
    return (predictions == y).double().mean().item()
