"""Takes the variance 2 / inputs for the standard deviation.

loses: q3b-init

says: not so: (3.7) is the variance of W1, not its standard deviation
"""


# %% q3b-init
def initial_parameters(D, H, K, rng, std=None):
    std1 = 2 / D if std is None else std
    std2 = 2 / H if std is None else std
    return {
        "W1": rng.normal(0, std1, size=(D, H)),
        "b1": np.zeros(H),
        "W2": rng.normal(0, std2, size=(H, K)),
        "b2": np.zeros(K),
    }
