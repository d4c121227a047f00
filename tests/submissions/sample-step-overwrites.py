"""Sets biases and the second matrix to the step, as the write-up's code does.

loses: q6b-step

says: It is moved by the step, not replaced by it.
"""


# %% q6b-step
def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    after = {name: learning_rate * grads[name] for name in params} | {"W": params["W"] - learning_rate * grads["W"]}
    return after, cache["loss"]
