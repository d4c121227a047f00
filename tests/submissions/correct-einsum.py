"""Writes every product and sum with einsum.

loses: nothing
"""


# %% q1a-affine
def affine(X, W, b):
    return np.einsum("nd,dh->nh", X, W) + b


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    one_hot = np.eye(Z.shape[1])[y]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.einsum("nk->n", np.exp(shifted)))[:, None]
    return -np.einsum("nk,nk->", one_hot, log_p) / Z.shape[0]


# %% q1b-loss
def compute_loss(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    penalty = np.einsum("dh,dh->", W1, W1) + np.einsum("hk,hk->", W2, W2)
    return cross_entropy(forward(params, X)["Z3"], y) + reg * penalty


# %% q2a-jacobian
def softmax_jacobian_by_cases(p):
    K = p.shape[0]
    return np.array([[p[i] * (1 - p[i]) if i == j else -p[i] * p[j] for j in range(K)] for i in range(K)])


def softmax_jacobian(p):
    return np.einsum("i,ij->ij", p, np.eye(len(p))) - np.einsum("i,j->ij", p, p)


# %% q2b-weights
def weight_gradient(A, dZ, W, reg):
    return np.einsum("nd,nh->dh", A, dZ) + 2 * reg * W


# %% q2c-bias
def bias_gradient(dZ):
    return np.einsum("nh->h", dZ)


# %% q2c-hidden
def hidden_gradient(dZ3, W2, Z2):
    return np.einsum("nk,hk,nh->nh", dZ3, W2, Z2 > 0)


# %% mistake-norm
def penalty(W1, W2, reg):
    return reg * (np.einsum("ij,ij", W1, W1) + np.einsum("ij,ij", W2, W2))


# %% mistake-convention
def column_layer_gradients(h, V, do):
    return np.einsum("h,k->hk", h, do), np.einsum("hk,k->h", V, do)


# %% mistake-sum-first
def first_bias_gradient(dZ3, W2, Z2):
    return np.einsum("nk,hk,nh->h", dZ3, W2, (Z2 > 0).astype(float))
