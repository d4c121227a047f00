"""Leaves out the derivative of the penalty.

loses: q2b-weights
"""


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    dW = np.dot(A.T, dZ)
    return dW
