"""Has one velocity for all parameters.

loses: q5e-momentum

says: The first parameter moves the second one: how many velocities are there, and by what is each remembered?
"""


# %% q5e-momentum
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay)
        self.momentum, self.damped, self.velocity = momentum, damped, 0.0

    def step(self, params, grads):
        rate = self.learning_rate * (1 - self.momentum if self.damped else 1)
        after = {}
        for name in params:
            self.velocity = self.momentum * np.resize(self.velocity, params[name].shape) - rate * grads[name]
            after[name] = params[name] + self.velocity
        return after
