"""Knows the classic form only.

loses: q3a-momentum

says: not so: damped=True is the damped form (3.5), not the other one
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    velocity = {name: momentum * velocity[name] - learning_rate * grads[name] for name in params}
    return {name: params[name] + velocity[name] for name in params}, velocity
