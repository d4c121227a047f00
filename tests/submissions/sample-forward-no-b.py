"""Forgets the bias of the hidden units.

loses: q6b-forward

says: Where is b in (6.1)?
"""


# %% q6b-forward
def forward_sample(params, x, t):
    h = sigmoid(x @ params["W"])
    o = h @ params["V"] + params["c"]
    raised = np.exp(o - o.max())
    return {"h": h, "p": raised / raised.sum(), "loss": np.log(raised.sum()) + o.max() - o[t]}
