"""Takes the classic form for the damped one and the other way round.

loses: q3a-momentum

says: not so: damped=False is the classic form (3.3), not the other one
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    new_params, new_velocity = {}, {}
    for name in params:
        if damped:
            new_velocity[name] = momentum * velocity[name] - learning_rate * grads[name]
        else:
            new_velocity[name] = momentum * velocity[name] - (1 - momentum) * learning_rate * grads[name]
        new_params[name] = params[name] + new_velocity[name]
    return new_params, new_velocity
