"""Takes He's standard deviation whatever std is.

loses: q3b-init

says: has a standard deviation of about 0.0001 for std=0.0001
"""


# %% q3b-init
def initial_parameters(D, H, K, rng, std=None):
    params = {}
    params["W1"] = rng.normal(scale=np.sqrt(2 / D), size=(D, H))
    params["b1"] = np.zeros(H)
    params["W2"] = rng.normal(scale=np.sqrt(2 / H), size=(H, K))
    params["b2"] = np.zeros(K)
    return params
