# %% [markdown]
# # Where weights begin
#
# A layer multiplies the size of what passes through it, forward and backward. In a deep network that happens at each layer: a factor
# of 0.5 makes a thousandth in ten layers. So weights are drawn with a variance that keeps sizes as they are. For one linear layer without bias, let
#
# $$ y_j = \sum_{i} x_i w_{ij}, \qquad \frac{\partial J}{\partial x_i} = \sum_{j} w_{ij} \frac{\partial J}{\partial y_j} \tag{H.32} $$
#
# with $n_\text{in}$ inputs, $n_\text{out}$ outputs, and independent weights of mean 0 that are independent of $x$ and of $\partial J/\partial y$. What counts is the second
# moment, the mean of the square, $E[x_i^2]$, taken to be the same for all $i$. Four answers are in use. Xavier by the output size alone; Xavier as Glorot and Bengio (2010) have it;
# He et al. (2015), for inputs that come out of a ReLU; and PyTorch's for `nn.Linear`, uniform between $-a$ and $a$ with $a^2 = 1/n_\text{in}$:
#
# {{ equation 5.5 }}
#
# {{ equation 5.6 }}
#
# {{ equation 5.7 }}
#
# $$ \operatorname{Var}(w) = \frac{a^2}{3} = \frac{1}{3 n_\text{in}} \tag{H.33} $$
#
# Elsewhere (5.7) is written as follows, and with the sizes of notebook 03 as a normal distribution:
#
# {{ equation 4.3 }}
#
# {{ equation 3.7 }}

# %%
holds(
    weights(rng).with_(
        quantities={"w": rng.normal(size=(3, 4)), "x": column(rng.normal(size=3)), "e": column(rng.normal(size=4))},
        indices={"i": 3, "j": 4, "k": 4},
    ),
    "H.32",
)
holds(weights(rng, "backward"), "5.5")
holds(weights(rng, "both"), "5.6")
he = weights(rng, "forward", relu=True)
holds(he, "5.7")
holds(he, "4.3")
holds(he, "3.7")
#: Gauss's three points, with chances of 5, 8 and 5 in 18, have the second moment of the uniform distribution exactly.
nodes, shares = np.polynomial.legendre.leggauss(3)
points = np.repeat(nodes, np.rint(shares * 9).astype(int)) / np.sqrt(4)
holds(World({r"n_\text{in}": 4, "a": 0.5, "w": 0.0}, outcomes=[{"w": np.asarray(w)} for w in points]), "H.33")

# %% [markdown]
# ::: {.exercise #q5d-variance}
#
# (The first figure that step 2 speaks of: ten linear layers of widths 400, 50, 400, 50, and so on, and the size of the signal after each of them.)
#
# {{ steps q5d-variance }}
#
# :::
#
# {{ room 13 }}
#
# {{ answer q5d-variance }}

# %% [markdown] tags=["instructor"]
# The results:
#
# $$ \begin{align}
# E\bigl[ y_j^2 \bigr] &= n_\text{in} \operatorname{Var}(w)\, E\bigl[ x_i^2 \bigr] \tag{H.34} \\
# E\Bigl[ \Bigl( \frac{\partial J}{\partial x_i} \Bigr)^2 \Bigr] &= n_\text{out} \operatorname{Var}(w)\, E\Bigl[ \Bigl( \frac{\partial J}{\partial y_j} \Bigr)^2 \Bigr] \tag{H.35}
# \end{align} $$
#
# and with $x_i = \phi(u_i)$ for a $u_i$ that is symmetric about 0
#
# $$ E\bigl[ x_i^2 \bigr] = \frac12 E\bigl[ u_i^2 \bigr], \qquad E\bigl[ y_j^2 \bigr] = \frac{n_\text{in}}{2} \operatorname{Var}(w)\, E\bigl[ u_i^2 \bigr] \tag{H.36} $$
#
# ::: {.marking}
# **Marking (6 points).** Two for each step. Step 1: one for the products of different weights that drop out, and why; one for both results. Step 2: one for "backward", one for the saw-tooth. *Common:*
# $\operatorname{Var}(x_i)$ in place of $E[x_i^2]$, which is wrong behind a ReLU (step 3: −1). "By (5.6) both are kept": only for $n_\text{in} = n_\text{out}$.
# :::

# %% tags=["instructor"]
holds(weights(rng, wider=True), "H.34")
holds(weights(rng, relu=True, wider=True), "H.36")
