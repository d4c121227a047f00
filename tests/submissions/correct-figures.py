"""Draws figures in the solution cells.

loses: nothing
"""

# %% q1a-relu
import matplotlib.pyplot as plt


def relu(Z):
    return Z * (Z > 0)


grid = np.linspace(-3, 3, 61)
plt.plot(grid, relu(grid))
plt.title("ReLU")
plt.show()

# %% q2c-hidden
import matplotlib.pyplot as plt


def hidden_gradient(dZ3, W2, Z2):
    dA2 = np.matmul(dZ3, np.transpose(W2))
    return np.where(Z2 > 0, dA2, 0)


toy = toy_problem()
fig, ax = plt.subplots()
ax.imshow(hidden_gradient(toy.cache["P"], toy.params["W2"], toy.cache["Z2"]))
fig
