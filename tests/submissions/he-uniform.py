"""Draws from a uniform distribution of the right variance.

loses: q4c-init

says: not so: the weights are normally distributed
"""


# %% q4c-init
def he_initialise(model):
    for part in model.modules():
        if isinstance(part, nn.Linear):
            nn.init.kaiming_uniform_(part.weight, nonlinearity="relu")
            nn.init.zeros_(part.bias)
