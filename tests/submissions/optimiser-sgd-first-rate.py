"""Keeps the rate of the first epoch.

loses: q5e-sgd

says: The rate is still that of the first epoch: which rate does end_epoch change, and which one does step use?
"""


# %% q5e-sgd
class VanillaSGD(Optimiser):
    def __init__(self, learning_rate, decay=1.0):
        super().__init__(learning_rate, decay)
        self.rate = learning_rate

    def step(self, params, grads):
        return {name: value - self.rate * grads[name] for name, value in params.items()}
