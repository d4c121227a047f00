"""Multiplies with the diagonal of the Jacobian alone.

loses: q7a-softmax

says: This is the diagonal of the Jacobian alone: what does a score do to the other probabilities, (7.1)?
"""


# %% q7a-softmax
class Softmax:
    def forward(self, Z):
        e = np.exp(Z - Z.max(axis=1, keepdims=True))
        self.P = e / e.sum(axis=1, keepdims=True)
        return self.P

    def backward(self, G):
        return G * self.P * (1 - self.P)
