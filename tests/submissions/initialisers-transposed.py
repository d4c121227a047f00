"""Gives the matrices output size first.

loses: q5d-initialisers

says: not so: xavier_by_outputs(150, 40, rng) has shape (150, 40)
"""


# %% q5d-initialisers
def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size))


def gaussian(std):
    return lambda D, H, rng: rng.normal(scale=std, size=(D, H))


def xavier_by_outputs(input_size, output_size, rng):
    return rng.normal(scale=np.sqrt(1 / output_size), size=(output_size, input_size))


def xavier(input_size, output_size, rng):
    return rng.normal(scale=np.sqrt(2 / (input_size + output_size)), size=(output_size, input_size))


def he(input_size, output_size, rng):
    return rng.normal(scale=np.sqrt(2 / input_size), size=(output_size, input_size))
