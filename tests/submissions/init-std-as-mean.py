"""Hands std to rng.normal as its first argument, the mean.

loses: q3b-init

says: has a standard deviation of about 0.0001 for std=0.0001
"""


# %% q3b-init
def initial_parameters(D, H, K, rng, std=None):
    return {
        "W1": rng.normal(np.sqrt(2 / D) if std is None else std, size=(D, H)),
        "b1": np.zeros(H),
        "W2": rng.normal(np.sqrt(2 / H) if std is None else std, size=(H, K)),
        "b2": np.zeros(K),
    }
