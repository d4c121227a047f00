"""Adds the gradient to the velocity, and the velocity to the parameters.

loses: q3a-momentum

says: Right size, opposite sign: which sign has the gradient in (3.3)?
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    rate = (1 - momentum) * learning_rate if damped else learning_rate
    new_velocity = {name: momentum * velocity[name] + rate * grads[name] for name in params}
    new_params = {name: params[name] + new_velocity[name] for name in params}
    return new_params, new_velocity
