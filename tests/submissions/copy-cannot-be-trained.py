"""Makes the new parameters without requires_grad.

loses: q4a-copy

says: not so: the model's W1 can still be trained
"""


# %% q4a-copy
def copy_parameters(model, params):
    layers = [part for part in model.modules() if isinstance(part, nn.Linear)]
    for number, layer in enumerate(layers, start=1):
        W = torch.tensor(params[f"W{number}"].T, dtype=layer.weight.dtype)
        b = torch.tensor(params[f"b{number}"], dtype=layer.bias.dtype)
        layer.weight = nn.Parameter(W, requires_grad=False)
        layer.bias = nn.Parameter(b, requires_grad=False)
