"""Changes the parameters it was given.

loses: q6b-step

says: sgd_on_sample changed its argument params.
"""


# %% q6b-step
def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    for name in params:
        params[name] -= learning_rate * grads[name]
    return params, cache["loss"]
