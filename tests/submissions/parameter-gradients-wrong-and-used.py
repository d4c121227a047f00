"""Takes means where (7.7) has sums, and uses that function in (7.8).

loses: q7b-parameters

says: This is a mean over the batch: is there one in (7.7)?
"""


# %% q7b-parameters
def parameter_gradients(G, X_hat):
    return np.mean(G * X_hat, axis=0), np.mean(G, axis=0)


# %% q7b-backward
def batch_norm_backward(G, X_hat, s, gamma, eps=1e-5):
    dgamma, dbeta = parameter_gradients(G, X_hat)
    return gamma / np.sqrt(s + eps) * (G - dbeta / len(G) - X_hat * dgamma / len(G))
