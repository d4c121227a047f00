"""Knows the damped form alone.

loses: q5e-momentum

says: damped=False is the classic form. Is this the other?
"""


# %% q5e-momentum
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum, self.damped, self.velocity = momentum, damped, {}

    def step(self, params, grads):
        rate = self.learning_rate * (1 - self.momentum)
        for name in params:
            self.velocity[name] = self.momentum * self.velocity.get(name, 0) - rate * grads[name]
        return {name: params[name] + self.velocity[name] for name in params}
