"""Moves the parameters of the second layer only.

loses: q3a-step

says: KeyError: 'W2'
"""


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    new_params = dict(params)
    new_params["W2"] = params["W2"] - learning_rate * grads["W2"]
    new_params["b2"] = params["b2"] - learning_rate * grads["b2"]
    return new_params
