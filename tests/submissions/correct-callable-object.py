"""Uses an object with a __call__ method as a function.

loses: nothing
"""


# %% q1a-softmax
class Softmax:
    def __call__(self, Z):
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)


softmax = Softmax()
