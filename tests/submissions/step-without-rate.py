"""Forgets the learning rate.

loses: q3a-step
"""


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    return {name: params[name] - grads[name] for name in params}
