"""Prints the loss and returns nothing.

loses: q1b-loss

says: Does the function end with `return ...`?
"""


# %% q1b-loss
def compute_loss(params, X, y, reg):
    loss = cross_entropy(forward(params, X)["Z3"], y)
    loss += reg * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    print("loss:", loss)
