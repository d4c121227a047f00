"""Finds the linear layers among the direct children only.

loses: q4c-init

says: not so: all linear layers get new weights, also those in a part of a part
"""


# %% q4c-init
def he_initialise(model):
    for part in model.children():
        if isinstance(part, nn.Linear):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            nn.init.zeros_(part.bias)
