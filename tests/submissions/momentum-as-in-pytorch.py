"""Collects plain gradients and applies the learning rate to the velocity, as PyTorch does.

loses: q3a-momentum

says: The velocity adds up plain gradients: which sign and which factor has g in (3.3)?
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    dampening = momentum if damped else 0.0
    velocity = {name: momentum * velocity[name] + (1 - dampening) * grads[name] for name in params}
    params = {name: params[name] - learning_rate * velocity[name] for name in params}
    return params, velocity
