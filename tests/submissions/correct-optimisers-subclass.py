"""Builds momentum on plain SGD, with a velocity that points uphill.

loses: nothing
"""


# %% q5e-sgd
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        moved = {}
        for name in grads:
            moved[name] = params[name] - np.multiply(self.learning_rate, grads[name])
        return moved


# %% q5e-momentum
class MomentumSGD(VanillaSGD):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        super().__init__(learning_rate, decay=decay)
        self.mu = momentum
        self.share = 1 - momentum if damped else 1.0
        self.history = None

    def step(self, params, grads):
        if self.history is None:
            self.history = {name: np.zeros_like(value) for name, value in params.items()}
        for name, gradient in grads.items():
            push = self.share * self.learning_rate * gradient
            self.history[name] = self.mu * self.history[name] + push
        return {name: params[name] - self.history[name] for name in params}
