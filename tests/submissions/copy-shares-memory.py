"""Wraps the NumPy arrays, so that training the model changes them.

loses: q4a-copy

says: not so: W1 stays as it is when the model is trained: is it a copy?
"""


# %% q4a-copy
def copy_parameters(model, params):
    first, second = [part for part in model.modules() if isinstance(part, nn.Linear)]
    for layer, W, b in ((first, "W1", "b1"), (second, "W2", "b2")):
        layer.weight = nn.Parameter(torch.from_numpy(params[W].T).to(layer.weight.dtype))
        layer.bias = nn.Parameter(torch.from_numpy(params[b]).to(layer.bias.dtype))
