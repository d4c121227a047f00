"""Returns the loss as a Python float, and an integer where the value is one.

loses: nothing
"""


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -float(log_p[np.arange(len(y)), y].mean())


# %% q1b-loss
def compute_loss(params, X, y, reg):
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    penalty = (params["W1"] ** 2).sum().item() + (params["W2"] ** 2).sum().item()
    return float(data_loss) + float(reg) * penalty


# %% q1-warmup
def number_of_parameters(D, H, K):
    return np.zeros((D, H)).size + np.zeros(H).size + np.zeros((H, K)).size + np.zeros(K).size


# %% mistake-norm
def penalty(W1, W2, reg):
    return float(reg) * (np.trace(W1.T @ W1).item() + np.trace(W2.T @ W2).item())
