"""Reshapes the weights where it should transpose them.

loses: q4a-copy

says: The weights came into shape by a reshape, which is no transpose: what do the rows of nn.Linear's weight belong
to?
"""


# %% q4a-copy
def copy_parameters(model, params):
    first, second = [part for part in model.modules() if isinstance(part, nn.Linear)]
    with torch.no_grad():
        first.weight.copy_(torch.from_numpy(params["W1"].reshape(first.weight.shape)))
        first.bias.copy_(torch.from_numpy(params["b1"]))
        second.weight.copy_(torch.from_numpy(params["W2"].reshape(second.weight.shape)))
        second.bias.copy_(torch.from_numpy(params["b2"]))
