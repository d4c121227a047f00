"""Rounds the numbers to float32 on the way.

loses: q4a-copy

says: not so: W1 and b1 are copied exactly, not rounded to float32 on the way
"""


# %% q4a-copy
def copy_parameters(model, params):
    layers = [part for part in model.modules() if isinstance(part, nn.Linear)]
    with torch.no_grad():
        for number, layer in enumerate(layers, start=1):
            layer.weight.copy_(torch.Tensor(params[f"W{number}"].T))
            layer.bias.copy_(torch.Tensor(params[f"b{number}"]))
