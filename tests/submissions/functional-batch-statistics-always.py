"""Uses the batch's own mean and variance in evaluation, too.

loses: q7c-functional

says: These are the batch's own mean and variance: which ones does (7.11) use?
"""


# %% q7c-functional
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    m, s = X.mean(0), X.var(0, correction=0)
    out = gamma * (X - m) / (s + eps).sqrt() + beta
    if not training:
        return out, mean, variance
    with torch.no_grad():
        return out, (1 - momentum) * mean + momentum * m, (1 - momentum) * variance + momentum * X.var(0)
