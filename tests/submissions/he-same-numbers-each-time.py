"""Sets the seed, so that every network gets the same weights.

loses: q4c-init

says: not so: each call draws new weights
"""


# %% q4c-init
def he_initialise(model):
    torch.manual_seed(0)
    for part in model.modules():
        if isinstance(part, nn.Linear):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            nn.init.zeros_(part.bias)
