"""Takes every parameter with one axis for a bias, so that batch norm multiplies by 0.

loses: q4c-init

says: not so: only linear layers are changed
"""


# %% q4c-init
def he_initialise(model):
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.kaiming_normal_(parameter, nonlinearity="relu")
        else:
            nn.init.zeros_(parameter)
