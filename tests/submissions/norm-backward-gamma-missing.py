"""Forgets gamma.

loses: q7b-backward

says: This is the gradient as if γ were 1: where does γ stand in (7.8)?
"""


# %% q7b-backward
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    N = len(G)
    return (N * G - G.sum(axis=0) - X_hat * (G * X_hat).sum(axis=0)) / (N * np.sqrt(s + eps))
