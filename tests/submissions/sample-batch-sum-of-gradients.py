"""Returns the mean loss with the gradient of the sum.

loses: q6b-batch

says: The loss is a mean over the batch: so is its gradient.
"""


# %% q6b-batch
def batch_gradients(params, X, y):
    h = sigmoid(X @ params["W"] + params["b"])
    o = h @ params["V"] + params["c"]
    o = o - o.max(axis=1, keepdims=True)
    raised = np.exp(o)
    sums = raised.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(sums[:, 0]) - o[np.arange(len(X)), y])
    do = raised / sums - np.eye(o.shape[1])[y]
    dz = do @ params["V"].T * sigmoid_slope(h)
    return loss, {"W": X.T @ dz, "b": dz.sum(axis=0), "V": h.T @ do, "c": do.sum(axis=0)}
