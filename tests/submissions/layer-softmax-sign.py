"""Has the sign of a step, not of a gradient.

loses: q5a-softmax

says: This is the direction of a step downhill: which sign has the gradient, (2.5)?
"""


# %% q5a-softmax
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        raised = np.exp(Z - Z.max(axis=1, keepdims=True))
        self.P = raised / raised.sum(axis=1, keepdims=True)
        return self.P

    def backward(self, y):
        return (np.eye(self.output_size)[y] - self.P) / len(y)
