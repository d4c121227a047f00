"""Moves the two matrices alone.

loses: q6b-step

says: It has not moved at all.
"""


# %% q6b-step
def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    after = params | {name: params[name] - learning_rate * grads[name] for name in "WV"}
    return after, cache["loss"]
