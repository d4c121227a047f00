"""Draws from NumPy's global generator.

loses: q3b-init

says: not so: the same rng gives the same W1
"""


# %% q3b-init
def initial_parameters(D, H, K, rng, std=None):
    W1 = np.random.randn(D, H) * (np.sqrt(2 / D) if std is None else std)
    W2 = np.random.randn(H, K) * (np.sqrt(2 / H) if std is None else std)
    return {"W1": W1, "b1": np.zeros(H), "W2": W2, "b2": np.zeros(K)}
