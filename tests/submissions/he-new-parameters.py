"""Puts new parameters in place of the old ones, which an optimizer goes on training.

loses: q4c-init

says: not so: the model keeps its parameters: they change in place
"""


# %% q4c-init
def he_initialise(model):
    for part in model.modules():
        if isinstance(part, nn.Linear):
            n = part.in_features
            part.weight = nn.Parameter(torch.randn(part.out_features, n) * (2 / n) ** 0.5)
            part.bias = nn.Parameter(torch.zeros(part.out_features))
