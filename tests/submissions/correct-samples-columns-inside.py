"""Works with columns inside, as the write-up does.

loses: nothing
"""


# %% q6b-forward
def forward_sample(params, x, t):
    z = params["W"].T @ x.reshape(-1, 1) + params["b"].reshape(-1, 1)
    h = sigmoid(z)
    o = params["V"].T @ h + params["c"].reshape(-1, 1)
    top = o.max()
    total = np.exp(o - top).sum()
    p = np.exp(o - top) / total
    return {"h": h.ravel(), "p": p.ravel(), "loss": float(np.log(total) + top - o[t, 0])}


# %% q6b-backward
def backward_sample(params, x, t, cache):
    go = np.array(cache["p"]).reshape(-1, 1)
    go[t] -= 1
    h = cache["h"].reshape(-1, 1)
    gz = (params["V"] @ go) * h * (1 - h)
    gW, gV = gz @ x.reshape(1, -1), go @ h.T
    return {"W": gW.T, "b": gz.ravel(), "V": gV.T, "c": go.ravel()}
