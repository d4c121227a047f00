"""Copies the weights as they are, without a transpose.

loses: q4a-copy

says: The size of tensor a (5) must match the size of tensor b (9) at non-singleton dimension 1
"""


# %% q4a-copy
def copy_parameters(model, params):
    linear = [part for part in model.modules() if isinstance(part, nn.Linear)]
    with torch.no_grad():
        linear[0].weight.copy_(torch.from_numpy(params["W1"]))
        linear[0].bias.copy_(torch.from_numpy(params["b1"]))
        linear[1].weight.copy_(torch.from_numpy(params["W2"]))
        linear[1].bias.copy_(torch.from_numpy(params["b2"]))
