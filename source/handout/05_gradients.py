# %% [markdown]
# # The gradients of all parameters
#
# ## The output weights
#
# In the sheet's notation, where one sample is a column, the chain rule gives
#
# {{ equation 2.7 }}
#
# and with the penalty of (1.6)
#
# {{ equation 2.8 }}

# %%
network = columns(rng)
holds(network)

# %% [markdown]
# ::: {.exercise #q2b-derivation}
#
# {{ steps q2b-derivation }}
#
# :::
#
# {{ room 10 }}
#
# {{ answer q2b-derivation }}

# %% tags=["instructor"]
holds(network, 1)
holds(rows(rng))

# %% [markdown] tags=["instructor"]
# ::: {.marking}
# **Marking (4 points).** Step 1: 2 points, one for $\partial z_{i,l}/\partial W_{kh} = a_{i,h}$ with the case $l \ne k$, one for the sum over the samples as
# a matrix. Step 2: 1. Step 3: 1, with a shape that fits. *Common:* "$\partial z^{(3)}/\partial W^{(2)} = a^\top$": accept if it is clear that a
# contraction is meant. The penalty inside the sum over the samples, or sent through $z^{(3)}$: step 2 is 0.
# :::

# %% [markdown]
# ## The other three
#
# Write $G^{(3)} = \partial J/\partial Z^{(3)}$ for the error signal at the scores, a batch of rows.
#
# ::: {.exercise #q2c-derivation}
#
# Derive the gradients of the regularised loss (1.6) with respect to $b^{(2)}$, $W^{(1)}$ and $b^{(1)}$, for a batch of rows:
#
# {{ steps q2c-derivation }}
#
# :::
#
# {{ room 17 }}
#
# {{ answer q2c-derivation }}

# %% tags=["instructor"]
holds(rows(rng))

# %% [markdown] tags=["instructor"]
# ::: {.marking}
# **Marking (6 points).** Step 1: 1. Step 2: 1, right side and right transpose. Step 3: 2, one for the derivative of the ReLU, one for the
# reason why the product is entry by entry. Step 4: 2, one for each. *Common:* the penalty on a bias, or $2\lambda W_2$ in the
# gradient of $W_1$ (−1); the samples added up before the mask is applied (step 4: the point of $b_1$ is lost); $W_2$ without its
# transpose in rows, or with it in columns (step 2: 0, no further loss).
# :::
#
# ## All of them, in both conventions
#
# In rows, with $G^{(3)} = \frac1N (P - \Delta)$ and $G^{(2)} = ( G^{(3)} W_2^\top ) \odot \mathbf 1[ Z^{(2)} > 0 ]$:
#
# $$ \begin{align}
# \frac{\partial J}{\partial Z^{(3)}} &= \frac1N (P - \Delta) \tag{H.5} \\
# \frac{\partial \tilde J}{\partial W_2} &= A^{(2)\top} G^{(3)} + 2 \lambda W_2 \tag{H.6} \\
# \frac{\partial \tilde J}{\partial b_2} &= \mathbf 1^\top G^{(3)} \tag{H.7} \\
# \frac{\partial J}{\partial Z^{(2)}} &= \bigl( G^{(3)} W_2^\top \bigr) \odot \mathbf 1\bigl[ Z^{(2)} > 0 \bigr] \tag{H.8} \\
# \frac{\partial \tilde J}{\partial W_1} &= X^\top G^{(2)} + 2 \lambda W_1 \tag{H.9} \\
# \frac{\partial \tilde J}{\partial b_1} &= \mathbf 1^\top G^{(2)} \tag{H.10}
# \end{align} $$
#
# where $\mathbf 1$ is a column of $N$ ones. In columns, with $\delta_i^{(3)} = \frac1N ( \psi(z_i^{(3)}) - \Delta_i )$ for sample $i$:

# %% tags=["instructor"]
batch = rows(rng)
holds(batch.with_(quantities={r"\mathbf 1": np.ones((int(batch.quantities["N"]), 1))}))

# %% [markdown] tags=["instructor"]
# $$ \begin{align}
# \delta_i^{(2)} &= \bigl( W^{(2)\top} \delta_i^{(3)} \bigr) \odot \mathbf 1\bigl[ z_i^{(2)} > 0 \bigr] \tag{H.11} \\
# \frac{\partial \tilde J}{\partial W^{(2)}} &= \sum_{i=1}^{N} \delta_i^{(3)} a_i^{(2)\top} + 2 \lambda W^{(2)} \tag{H.12} \\
# \frac{\partial \tilde J}{\partial b^{(2)}} &= \sum_{i=1}^{N} \delta_i^{(3)} \tag{H.13} \\
# \frac{\partial \tilde J}{\partial W^{(1)}} &= \sum_{i=1}^{N} \delta_i^{(2)} x_i^\top + 2 \lambda W^{(1)} \tag{H.14} \\
# \frac{\partial \tilde J}{\partial b^{(1)}} &= \sum_{i=1}^{N} \delta_i^{(2)} \tag{H.15}
# \end{align} $$


# %% tags=["instructor"]
def error_signals(layer):
    return lambda at: at.derivative(lambda moved: np.mean(moved["losses"]), layer, ())


holds(network.with_(quantities={r"\delta^{(3)}": error_signals("z^(3)"), r"\delta^{(2)}": error_signals("z^(2)")}))
