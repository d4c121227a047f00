# %% [markdown]
# # Softmax and cross-entropy
#
# ## One sample
#
# The network is right about a sample when it gives a high probability to its label. The **cross-entropy** of one sample is
#
# {{ equation 1.4 }}
#
# Adding one constant $c$ to all scores changes no probability, because $e^{c}$ cancels:
#
# $$ \psi(u)_k = \frac{e^{u_k + c}}{\sum_{j=1}^{K} e^{u_j + c}} \tag{H.1} $$
#
# Only differences of scores matter. That is a freedom to use: in float64, $e^{710}$ is infinite.
#
# ## The mean, and the penalty
#
# Over the $N$ samples of a batch the loss is the mean
#
# {{ equation 1.5 }}
#
# which is 0 in the limit where every label gets probability 1, and $\log K$ for a network that cannot tell the classes apart. A
# penalty on the weights, not on the biases, keeps the model simple:
#
# {{ equation 1.6 }}
#
# The norm is the Frobenius norm, the square root of the sum of squares of all entries:
#
# {{ equation 1.7 }}
#
# There is no ½ in (1.6). On the toy problem of notebook 01 ($N = 5$, $D = 4$, $H = 10$, $K = 3$, $\lambda = 0.05$) the regularised loss
# (1.6) is 1.30378789133.

# %%
network = columns(rng)
holds(network, "1.4")
holds(network, "1.5")
holds(network, "1.6")
holds(network, "1.7")
holds(
    World({"u": column(rng.normal(size=5)), "c": 1.3, "K": 5}, {r"\psi": lambda _at, u: special.softmax(u)}, {"k": 5}),
    "H.1",
)
