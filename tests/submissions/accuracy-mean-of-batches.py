"""Averages the batches' accuracies, although the last batch is smaller.

loses: q4b-accuracy

says: The accuracies of the batches are averaged, and the last batch is smaller: does every sample count the same?
"""


# %% q4b-accuracy
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    shares = []
    with torch.no_grad():
        for X_batch, y_batch in zip(torch.split(X, batch_size), torch.split(y, batch_size)):
            hits = model(X_batch).argmax(dim=1) == y_batch
            shares.append(hits.double().mean().item())
    return float(np.mean(shares))
