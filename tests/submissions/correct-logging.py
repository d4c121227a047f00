"""Sets logging up and logs from its functions.

loses: nothing
"""

# %% q1a-affine
import logging

logging.basicConfig(level=logging.DEBUG)
log = logging.getLogger("course")


def affine(X, W, b):
    log.warning("affine on %s", X.shape)
    return np.add(np.matmul(X, W), b)


# %% q1b-loss
def compute_loss(params, X, y, reg):
    data_loss = cross_entropy(forward(params, X)["Z3"], y)
    logging.warning("data loss %g", data_loss)
    logging.error("this is no error")
    return data_loss + reg * sum((np.vdot(params["W1"], params["W1"]), np.vdot(params["W2"], params["W2"])))


# %% q2d-backward
import logging

logging.basicConfig(level=logging.DEBUG)


def backward(params, cache, y, reg):
    logging.debug("backward on %d samples", len(y))
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    logging.warning("error signal of the hidden layer: %s", np.abs(dZ2).max())
    return dict(
        W1=weight_gradient(cache["X"], dZ2, params["W1"], reg),
        b1=bias_gradient(dZ2),
        W2=weight_gradient(cache["A2"], dZ3, params["W2"], reg),
        b2=bias_gradient(dZ3),
    )
