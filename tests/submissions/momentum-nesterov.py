"""Looks ahead, as Nesterov does.

loses: q3a-momentum

says: This step looks ahead, as Nesterov's does: what exactly does (3.4) add to the parameters?
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    rate = (1 - momentum) * learning_rate if damped else learning_rate
    new_velocity, new_params = {}, {}
    for name in params:
        new_velocity[name] = momentum * velocity[name] - rate * grads[name]
        new_params[name] = params[name] + momentum * new_velocity[name] - rate * grads[name]
    return new_params, new_velocity
