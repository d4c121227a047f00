"""Leaves out the entries off the diagonal in both forms.

loses: q2a-jacobian

says: Only the diagonal is there: what does (2.3) say about the other entries?
"""


# %% q2a-jacobian
def softmax_jacobian_by_cases(p):
    K = len(p)
    jacobian = np.zeros((K, K))
    for i in range(K):
        jacobian[i, i] = p[i] * (1 - p[i])
    return jacobian


def softmax_jacobian(p):
    return np.diag(p * (1 - p))
