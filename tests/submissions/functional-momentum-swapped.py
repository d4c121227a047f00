"""Keeps a share `momentum` of the old average, as optimizers do.

loses: q7c-functional

says: Old and new average have changed their shares: which of the two does (7.9) multiply by ρ?
"""


# %% q7c-functional
def batch_norm(X, gamma, beta, mean, variance, training, momentum=0.1, eps=1e-5):
    if training:
        m, s = X.mean(0), X.var(0, correction=0)
        out = gamma * (X - m) / (s + eps).sqrt() + beta
        with torch.no_grad():
            return out, momentum * mean + (1 - momentum) * m, momentum * variance + (1 - momentum) * X.var(0)
    return gamma * (X - mean) / (variance + eps).sqrt() + beta, mean, variance
