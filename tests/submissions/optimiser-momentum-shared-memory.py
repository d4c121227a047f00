"""Keeps the velocity outside of the object, so that all optimisers share one.

loses: q5e-momentum

says: The second optimiser begins with the velocity of the first: to whom does the memory belong?
"""

# %% q5e-momentum
VELOCITY = {}


class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum, self.damped, self.velocity = momentum, damped, VELOCITY

    def step(self, params, grads):
        rate = self.learning_rate * (1 - self.momentum if self.damped else 1)
        for name in params:
            self.velocity[name] = self.momentum * self.velocity.get(name, 0) - rate * grads[name]
        return {name: params[name] + self.velocity[name] for name in params}
