"""Leaves the learning rate out, as the sheet does.

loses: q3a-momentum

says: The gradient is taken whole: by what is it multiplied in (3.3)?
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    share = 1 - momentum if damped else 1
    velocity = {k: momentum * velocity[k] - share * grads[k] for k in params}
    params = {k: params[k] + velocity[k] for k in params}
    return params, velocity
