"""Takes mean and variance for constants: the gradient flows in one of three ways only.

loses: q7c-functional

says: This is the direct way alone: through what else does X reach the output, and is that in the graph?
"""


# %% q7c-functional
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if training:
        m, s = X.mean(0).detach(), X.var(0, correction=0).detach()
        out = gamma * (X - m) / (s + eps).sqrt() + beta
        unbiased = s * len(X) / (len(X) - 1)
        return out, (1 - momentum) * mean + momentum * m, (1 - momentum) * variance + momentum * unbiased
    return gamma * (X - mean) / (variance + eps).sqrt() + beta, mean, variance
