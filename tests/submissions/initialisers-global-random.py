"""Draws from the global generator.

loses: q5d-initialisers

says: not so: the same rng gives the same xavier_by_outputs
"""


# %% q5d-initialisers
def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size))


def gaussian(std):
    return lambda D, H, rng: rng.normal(scale=std, size=(D, H))


def xavier_by_outputs(input_size, output_size, rng):
    return np.random.normal(scale=np.sqrt(1 / output_size), size=(input_size, output_size))


def xavier(input_size, output_size, rng):
    return np.random.normal(scale=np.sqrt(2 / (input_size + output_size)), size=(input_size, output_size))


def he(input_size, output_size, rng):
    return np.random.normal(scale=np.sqrt(2 / input_size), size=(input_size, output_size))
