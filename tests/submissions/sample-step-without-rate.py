"""Takes the whole gradient.

loses: q6b-step

says: This step is as long as the gradient: what stands before the gradient in (6.4)?
"""


# %% q6b-step
def sgd_on_sample(params, x, t, learning_rate):
    cache = forward_sample(params, x, t)
    grads = backward_sample(params, x, t, cache)
    after = {name: value - grads[name] for name, value in params.items()}
    return after, cache["loss"]
