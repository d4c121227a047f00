"""Copies everything deeply, then works in place.

loses: nothing
"""

# %% q3a-step
import copy


def sgd_step(params, grads, learning_rate):
    new_params = copy.deepcopy(params)
    for name in new_params:
        new_params[name] -= learning_rate * grads[name]
    return new_params


# %% q3a-momentum
from copy import deepcopy


def momentum_step(params, velocity, grads, learning_rate, momentum, damped=False):
    params, velocity = deepcopy(params), deepcopy(velocity)
    if damped:
        learning_rate *= 1 - momentum
    for name in params:
        velocity[name] *= momentum
        velocity[name] -= learning_rate * grads[name]
        params[name] += velocity[name]
    return params, velocity


# %% q3b-fold
def fold_inputs(params, mean, scale):
    folded = {name: value.copy() for name, value in params.items()}
    folded["W1"] /= scale
    folded["b1"] -= mean.dot(folded["W1"])
    return folded
