"""Writes p @ p.T for the outer product, which is a number for a vector.

loses: q2a-jacobian

says: The product of two vectors was a single number here: which shape has the second term of (2.4)?
"""


# %% q2a-jacobian
def softmax_jacobian_by_cases(p):
    K = len(p)
    jacobian = np.zeros((K, K))
    for i in range(K):
        for j in range(K):
            jacobian[i, j] = p[i] * ((i == j) - p[j])
    return jacobian


def softmax_jacobian(p):
    return np.diag(p) - p @ p.T
