"""Takes the variance 1 / inputs, which is Xavier's.

loses: q3b-init

says: not so: the variance of W1 is that of (3.7), not half of it
"""


# %% q3b-init
def initial_parameters(D, H, K, rng, std=None):
    W1 = rng.standard_normal((D, H)) * (std if std is not None else np.sqrt(1 / D))
    W2 = rng.standard_normal((H, K)) * (std if std is not None else np.sqrt(1 / H))
    return {"W1": W1, "b1": np.zeros(H), "W2": W2, "b2": np.zeros(K)}
