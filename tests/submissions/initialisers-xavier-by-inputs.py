"""Has the input size where the write-up has the output size.

loses: q5d-initialisers

says: not so: xavier_by_outputs has the size of the outputs, (5.5), not of the inputs
"""


# %% q5d-initialisers
def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size))


def gaussian(std):
    return lambda D, H, rng: rng.normal(scale=std, size=(D, H))


def xavier_by_outputs(input_size, output_size, rng):
    return rng.normal(scale=np.sqrt(1 / input_size), size=(input_size, output_size))


def xavier(input_size, output_size, rng):
    return rng.normal(scale=np.sqrt(2 / (input_size + output_size)), size=(input_size, output_size))


def he(input_size, output_size, rng):
    return rng.normal(scale=np.sqrt(2 / input_size), size=(input_size, output_size))
