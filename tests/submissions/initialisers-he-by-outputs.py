"""Has the output size in He's variance.

loses: q5d-initialisers

says: not so: he has the size of the inputs, (5.7), not of the outputs
"""


# %% q5d-initialisers
def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size))


def gaussian(std):
    return lambda D, H, rng: rng.normal(scale=std, size=(D, H))


def xavier_by_outputs(input_size, output_size, rng):
    return rng.normal(scale=np.sqrt(1 / output_size), size=(input_size, output_size))


def xavier(input_size, output_size, rng):
    return rng.normal(scale=np.sqrt(2 / (input_size + output_size)), size=(input_size, output_size))


def he(input_size, output_size, rng):
    return rng.normal(scale=np.sqrt(2 / output_size), size=(input_size, output_size))
