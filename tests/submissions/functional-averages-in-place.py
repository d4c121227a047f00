"""Changes the given running averages in place.

loses: q7c-functional

says: not so: the given mean and variance stay as they were in training
"""


# %% q7c-functional
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if not training:
        return gamma * (X - mean) / (variance + eps).sqrt() + beta, mean, variance
    m, s = X.mean(0), X.var(0, correction=0)
    with torch.no_grad():
        mean += momentum * (m - mean)
        variance += momentum * (X.var(0) - variance)
    return gamma * (X - m) / (s + eps).sqrt() + beta, mean, variance
