"""Looks for linear layers among the model's direct children.

loses: q4a-copy

says: not so: in a nested module the linear layer 1 holds exactly the numbers of params
"""


# %% q4a-copy
def copy_parameters(model, params):
    linear = [part for part in model.children() if isinstance(part, nn.Linear)]
    with torch.no_grad():
        for number, layer in enumerate(linear, start=1):
            layer.weight.copy_(torch.from_numpy(params[f"W{number}"].T))
            layer.bias.copy_(torch.from_numpy(params[f"b{number}"]))
