"""Takes the exponential of scores as they are.

loses: q5a-softmax

says: NumPy warned: overflow encountered in exp.
"""


# %% q5a-softmax
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        raised = np.exp(Z)
        self.P = raised / raised.sum(axis=1, keepdims=True)
        return self.P

    def backward(self, y):
        return (self.P - np.eye(self.output_size)[y]) / len(y)
