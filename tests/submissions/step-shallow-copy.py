"""Copies the dict, but not the arrays in it, and changes those.

loses: q3a-step

says: sgd_step changed its argument params.
"""


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    new_params = params.copy()
    for name in new_params:
        new_params[name] -= learning_rate * grads[name]
    return new_params
