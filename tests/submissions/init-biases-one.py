"""Starts the biases at one.

loses: q3b-init

says: not so: the biases b1 start at 0
"""


# %% q3b-init
def initial_parameters(D, H, K, rng, std=None):
    s1, s2 = (std, std) if std is not None else (np.sqrt(2 / D), np.sqrt(2 / H))
    return {
        "W1": s1 * rng.normal(size=(D, H)),
        "b1": np.ones(H),
        "W2": s2 * rng.normal(size=(H, K)),
        "b2": np.ones(K),
    }
