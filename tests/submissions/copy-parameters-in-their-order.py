"""Takes all of the model's parameters in order, also those that are no linear layer's.

loses: q4a-copy

says: doesn't match the broadcast shape
"""


# %% q4a-copy
def copy_parameters(model, params):
    values = [params["W1"].T, params["b1"], params["W2"].T, params["b2"]]
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), values):
            parameter.copy_(torch.from_numpy(value))
