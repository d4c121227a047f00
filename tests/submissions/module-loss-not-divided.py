"""Averages the loss, and not its gradient.

loses: q7a-loss
"""


# %% q7a-loss
class CrossEntropy:
    def forward(self, P, y):
        self.P, self.T = P, np.eye(P.shape[1])[y]
        return -np.sum(self.T * np.log(P)) / len(P)

    def backward(self):
        return -self.T / self.P
