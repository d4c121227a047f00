"""Starts every step with a velocity of zero.

loses: q3a-momentum

says: Every step starts from rest: which term of (3.3) remembers the steps before?
"""


# %% q3a-momentum
def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    share = 1 - momentum if damped else 1
    for name in params:
        velocity[name] = momentum * velocity[name] - share * learning_rate * grads[name]
    return {name: params[name] + velocity[name] for name in params}, velocity
