"""Leaves the biases as they were.

loses: q4c-init

says: not so: the biases are 0
"""


# %% q4c-init
def he_initialise(model):
    for part in model.modules():
        if isinstance(part, nn.Linear):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
