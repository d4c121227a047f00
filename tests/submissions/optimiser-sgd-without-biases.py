"""Moves matrices only.

loses: q5e-sgd

says: hidden.b takes a step, too.
"""


# %% q5e-sgd
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        return {
            name: value - self.learning_rate * grads[name] if value.ndim > 1 else value
            for name, value in params.items()
        }
