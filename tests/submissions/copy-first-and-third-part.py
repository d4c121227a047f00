"""Takes it that the linear layers are the first and the third part of the model.

loses: q4a-copy

says: TypeError: '_Nested' object is not subscriptable
"""


# %% q4a-copy
def copy_parameters(model, params):
    with torch.no_grad():
        model[0].weight.copy_(torch.from_numpy(params["W1"].T))
        model[0].bias.copy_(torch.from_numpy(params["b1"]))
        model[2].weight.copy_(torch.from_numpy(params["W2"].T))
        model[2].bias.copy_(torch.from_numpy(params["b2"]))
