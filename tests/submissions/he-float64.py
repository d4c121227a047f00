"""Draws with NumPy, which turns the weights into float64.

loses: q4c-init

says: not so: the model keeps its dtype, float32
"""


# %% q4c-init
def he_initialise(model):
    rng = np.random.default_rng()
    for part in model.modules():
        if isinstance(part, nn.Linear):
            n = part.in_features
            part.weight.data = torch.from_numpy(rng.normal(0, np.sqrt(2 / n), size=(part.out_features, n)))
            part.bias.data = torch.zeros(part.out_features)
