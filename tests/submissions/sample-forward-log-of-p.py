"""Takes the logarithm of a probability that may be 0.

loses: q6b-forward

says: NumPy warned: divide by zero encountered in log.
"""


# %% q6b-forward
def forward_sample(params, x, t):
    h = sigmoid(x @ params["W"] + params["b"])
    o = h @ params["V"] + params["c"]
    raised = np.exp(o - o.max())
    p = raised / raised.sum()
    return {"h": h, "p": p, "loss": -np.log(p[t])}
