"""Keeps the ReLU of the other notebooks.

loses: q6b-forward

says: Hidden units are sigmoids here, not ReLUs.
"""


# %% q6b-forward
def forward_sample(params, x, t):
    h = np.maximum(x @ params["W"] + params["b"], 0)
    o = h @ params["V"] + params["c"]
    raised = np.exp(o - o.max())
    return {"h": h, "p": raised / raised.sum(), "loss": np.log(raised.sum()) + o.max() - o[t]}
