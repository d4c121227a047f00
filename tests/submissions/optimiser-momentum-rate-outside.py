"""Keeps the history without the rate, as PyTorch does: another thing once the rate decays.

loses: q5e-momentum

says: A past gradient keeps the learning rate of its own step.
"""


# %% q5e-momentum
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum, self.damped, self.velocity = momentum, damped, {}

    def step(self, params, grads):
        share = 1 - self.momentum if self.damped else 1
        for name in params:
            self.velocity[name] = self.momentum * self.velocity.get(name, 0) + share * grads[name]
        return {name: params[name] - self.learning_rate * self.velocity[name] for name in params}
