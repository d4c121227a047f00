"""Takes the variance for the standard deviation.

loses: q5d-initialisers

says: not so: xavier_by_outputs draws with the standard deviation, not with the variance in its place
"""


# %% q5d-initialisers
def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size))


def gaussian(std):
    return lambda D, H, rng: rng.normal(scale=std, size=(D, H))


def xavier_by_outputs(input_size, output_size, rng):
    return rng.normal(scale=1 / output_size, size=(input_size, output_size))


def xavier(input_size, output_size, rng):
    return rng.normal(scale=2 / (input_size + output_size), size=(input_size, output_size))


def he(input_size, output_size, rng):
    return rng.normal(scale=2 / input_size, size=(input_size, output_size))
