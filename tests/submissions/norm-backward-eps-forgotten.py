"""Divides by the root of the variance without epsilon.

loses: q7b-backward

says: Off by very little: what stands beside s under the root of (7.8)?
"""


# %% q7b-backward
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    return gamma / np.sqrt(s) * (G - G.mean(axis=0) - X_hat * (G * X_hat).mean(axis=0))
