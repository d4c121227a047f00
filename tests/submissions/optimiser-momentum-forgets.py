"""Begins every step at rest.

loses: q5e-momentum

says: The velocity is kept from one step to the next.
"""


# %% q5e-momentum
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum, self.damped, self.velocity = momentum, damped, {}

    def step(self, params, grads):
        rate = self.learning_rate * (1 - self.momentum if self.damped else 1)
        for name in params:
            self.velocity[name] = -rate * grads[name]
        return {name: params[name] + self.velocity[name] for name in params}
