"""Leaves out the derivative of the penalty.

loses: q2b-weights

says: This is the gradient without the penalty: which term of (2.8) is missing?
"""


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    dW = np.dot(A.T, dZ)
    return dW
