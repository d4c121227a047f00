# %% [markdown]
# # The gradient at the scores
#
# ## The softmax Jacobian
#
# {{ text 02_backprop: The softmax Jacobian }}

# %%
K = 5
holds(World({"z": column(rng.normal(size=K)), "p": lambda at: special.softmax(at["z"]), "S": lambda at: np.sum(np.exp(at["z"]))},
            indices={"i": K, "j": K}))  # fmt: skip

# %% [markdown]
# The matrix (2.4) is symmetric, and each of its rows sums to 0: probabilities can only be moved about, never made.
#
# ## From the loss to the scores
#
# {{ text 02_backprop: From the loss to the scores }}

# %%
network = columns(rng)
holds(network)

# %% [markdown]
# ::: {.exercise #q2a-derivation}
#
# Derive (2.5), in these steps:
#
# {{ steps q2a-derivation }}
#
# :::
#
# {{ room 10 }}
#
# {{ answer q2a-derivation }}

# %% tags=["instructor"]
holds(network.with_(quantities={"J": lambda at: at["losses"]}), 1)
holds(network, 2, 3)

# %% [markdown] tags=["instructor"]
# The shortest way, through (2.4): the loss of one sample is $J_i = -\log p_{y_i}$, its gradient with respect to $p$ is $-1/p_{y_i}$ in
# entry $y_i$ and 0 elsewhere, and
#
# $$ \frac{\partial J_i}{\partial z_i} = \bigl( \operatorname{diag}(p_i) - p_i\, p_i^\top \bigr) \frac{\partial J_i}{\partial p_i} = p_i - \Delta_i \tag{H.2} $$
#
# ::: {.marking}
# **Marking (4 points).** One for each step. *Common:* the derivative of $-z_{i,y_i}$ is forgotten and the one-hot vector appears in
# the last line from nowhere (step 3: 0 points, no further loss). The same letter for sample and class (nothing off if the
# meaning is clear). No word on where $1/N$ comes from, or a sum over samples that stays in $\partial J/\partial z_i$ (step 4: 0 points).
# Accept the route through (2.4), (H.2), for full marks.
# :::

# %% tags=["instructor"]
N, K = sizes(rng, 2)
labels = rng.integers(K, size=N)
holds(World({"z": family(rng.uniform(-1.0, 1.0, size=(N, K))), "p": lambda at: special.softmax(at["z"], axis=1),
             r"\Delta": family(np.eye(K)[labels]), "J": lambda at: -np.log(at["p"][np.arange(N), labels])}, indices={"i": N}))  # fmt: skip
