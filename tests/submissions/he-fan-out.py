"""Takes the number of outputs for the number of inputs.

loses: q4c-init
"""


# %% q4c-init
def he_initialise(model):
    with torch.no_grad():
        for part in model.modules():
            if isinstance(part, nn.Linear):
                n = part.weight.shape[0]
                part.weight.normal_(0.0, (2 / n) ** 0.5)
                part.bias.zero_()
