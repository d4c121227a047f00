"""Goes through samples and units one by one in the backward pass.

loses: nothing
"""


# %% q2a-scores
def scores_gradient(P, y):
    N, K = P.shape
    dZ3 = np.zeros((N, K))
    for i in range(N):
        for k in range(K):
            dZ3[i, k] = (P[i, k] - (1 if k == y[i] else 0)) / N
    return dZ3


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    dW = np.zeros(W.shape)
    for i in range(A.shape[0]):
        dW += np.outer(A[i], dZ[i])
    return dW + 2 * reg * W


# %% q2c-bias
def bias_gradient(dZ):
    db = np.zeros(dZ.shape[1])
    for row in dZ:
        db += row
    return db


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    dZ2 = np.zeros(Z2.shape)
    for i in range(Z2.shape[0]):
        for h in range(Z2.shape[1]):
            if Z2[i, h] > 0:
                dZ2[i, h] = sum(W2[h, k] * dZ3[i, k] for k in range(W2.shape[1]))
    return dZ2
