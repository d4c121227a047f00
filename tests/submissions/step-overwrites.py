"""Returns the step alone, without the parameters it starts from.

loses: q3a-step

says: This is the step alone: from where does it start in (3.2)?
"""


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    new_params = {}
    for name in params:
        new_params[name] = -learning_rate * grads[name]
    return new_params
