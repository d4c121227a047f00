"""Adds the gradient, as the write-up prints it.

loses: q6b-step

says: The step goes downhill.
"""


# %% q6b-step
def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    after = {name: value + learning_rate * grads[name] for name, value in params.items()}
    return after, cache["loss"]
