"""Keeps the graph in the running averages.

loses: q7c-functional

says: not so: the new mean and variance in training carry no gradient
"""


# %% q7c-functional
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if training:
        m, s = X.mean(0), X.var(0, correction=0)
        out = gamma * (X - m) / (s + eps).sqrt() + beta
        return out, (1 - momentum) * mean + momentum * m, (1 - momentum) * variance + momentum * X.var(0)
    return gamma * (X - mean) / (variance + eps).sqrt() + beta, mean, variance
