"""Steps along the gradient instead of against it.

loses: q3a-step

says: This step goes up: which sign has the gradient in (3.2)?
"""


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    return {key: params[key] + learning_rate * grads[key] for key in params}
