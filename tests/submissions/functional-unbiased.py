"""Uses torch.var as it is, which divides by N - 1.

loses: q7c-functional

says: The variance divides by N - 1: where does (7.4) want N, and what does `var` of a tensor take?
"""


# %% q7c-functional
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if training:
        m, s = X.mean(0), X.var(0)
        out = gamma * (X - m) / (s + eps).sqrt() + beta
        return out, (1 - momentum) * mean + momentum * m.detach(), (1 - momentum) * variance + momentum * s.detach()
    return gamma * (X - mean) / (variance + eps).sqrt() + beta, mean, variance
