"""Changes the velocity that it is given.

loses: q3a-momentum

says: momentum_step changed its argument velocity.
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    new_params = {}
    for name in params:
        velocity[name] *= momentum
        velocity[name] -= (1 - momentum if damped else 1) * learning_rate * grads[name]
        new_params[name] = params[name] + velocity[name]
    return new_params, velocity
