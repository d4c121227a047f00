"""Computes the probabilities and does not return them.

loses: q1a-softmax

says: Does the function end with `return ...`?
"""


# %% q1a-softmax
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
