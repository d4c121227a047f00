"""Changes the parameters that it is given.

loses: q3a-step

says: sgd_step changed its argument params.
"""


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    for name in params:
        params[name] -= learning_rate * grads[name]
    return params
