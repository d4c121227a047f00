"""Changes the parameters that it is given.

loses: q3a-momentum

says: momentum_step changed its argument params.
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    rate = (1 - momentum) * learning_rate if damped else learning_rate
    new_velocity = {}
    for name in params:
        new_velocity[name] = momentum * velocity[name] - rate * grads[name]
        params[name] += new_velocity[name]
    return params, new_velocity
