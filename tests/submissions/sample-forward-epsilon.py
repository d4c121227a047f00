"""Adds a little to the probability, so that its logarithm exists.

loses: q6b-forward

says: This loss has a ceiling: what stands beside p in its logarithm that (6.2) does not have?
"""


# %% q6b-forward
def forward_sample(params, x, t):
    h = sigmoid(x @ params["W"] + params["b"])
    o = h @ params["V"] + params["c"]
    raised = np.exp(o - o.max())
    p = raised / raised.sum()
    return {"h": h, "p": p, "loss": -np.log(p[t] + 1e-12)}
