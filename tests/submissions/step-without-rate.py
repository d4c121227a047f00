"""Forgets the learning rate.

loses: q3a-step

says: The gradient is taken whole: by what is it multiplied in (3.2)?
"""


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    return {name: params[name] - grads[name] for name in params}
