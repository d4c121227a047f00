"""Goes uphill, as the update rule of another write-up does.

loses: q5e-sgd

says: This step goes uphill: which sign has the gradient in (3.2)?
"""


# %% q5e-sgd
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        return {name: value + self.learning_rate * grads[name] for name, value in params.items()}
