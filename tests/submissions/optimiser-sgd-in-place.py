"""Changes the parameters it was given.

loses: q5e-sgd

says: step changed its argument params.
"""


# %% q5e-sgd
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        for name in params:
            params[name] -= self.learning_rate * grads[name]
        return params
