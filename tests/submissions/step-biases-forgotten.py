"""Moves the weights only.

loses: q3a-step

says: not so: every parameter moves, the biases, too
"""


# %% q3a-step
def sgd_step(params, grads, learning_rate):
    new_params = {}
    for name, value in params.items():
        new_params[name] = value if name.startswith("b") else value - learning_rate * grads[name]
    return new_params
