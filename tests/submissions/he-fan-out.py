"""Takes the number of outputs for the number of inputs.

loses: q4c-init

says: not so: the weights of nn.Linear(300, 40), of 300 inputs, have variance 2/300
"""


# %% q4c-init
def he_initialise(model):
    with torch.no_grad():
        for part in model.modules():
            if isinstance(part, nn.Linear):
                n = part.weight.shape[0]
                part.weight.normal_(0.0, (2 / n) ** 0.5)
                part.bias.zero_()
