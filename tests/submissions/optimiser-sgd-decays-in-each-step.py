"""Lets the rate decay in every step, not only after an epoch.

loses: q5e-sgd

says: The rate falls before the epoch is over: who lets it decay, and when, (5.8)?
"""


# %% q5e-sgd
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        after = {name: value - self.learning_rate * grads[name] for name, value in params.items()}
        self.learning_rate *= self.decay
        return after
