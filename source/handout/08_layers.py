# %% [markdown]
# # Layers, each by itself
#
# From here on a network is a stack of parts that know nothing of each other. A layer takes a batch of rows $X$ to $Y = f(X)$. On the way back it
# is given $\partial J/\partial Y$, and owes two things: $\partial J/\partial X$, for the layer before it, and the gradients of its own parameters.
#
# ## Centring, linear, ReLU
#
# The first layer subtracts the mean of the training set, $\mu$, which is fixed. It has nothing to learn:
#
# {{ equation 5.1 }}
#
# The linear layer has a penalty of its own, $\lambda \lVert W \rVert^2$, which it adds to the cost:
#
# {{ equation 5.2 }}
#
# The ReLU has no parameters; it is (1.1) for each entry.

# %%
holds(layer(rng, "centring"), "5.1")
holds(layer(rng), "5.2")

# %% [markdown] tags=["student"]
# ::: {.exercise}
#
# For each of the three, write what it owes in terms of $\partial J/\partial Y$. What are the shapes, for a batch of $N$ rows?
#
# :::
#
# {{ room 6 }}

# %% [markdown] tags=["instructor"]
# ::: {.answer}
#
# Centring moves nothing but the origin, so the gradient passes unchanged; this layer may as well come before the network. For the ReLU it passes where the input was
# positive:
#
# $$ \frac{\partial J}{\partial X} = \frac{\partial J}{\partial Y} \tag{H.24} $$
#
# $$ \frac{\partial J}{\partial X} = \frac{\partial J}{\partial Y} \odot \mathbf 1[ X > 0 ] \tag{H.25} $$
#
# For the linear layer these are (2.9) and (2.10), the penalty's own gradient, and a sum over the rows that $b$ was added to:
#
# $$ \begin{align}
# \frac{\partial J}{\partial W} &= X^\top \frac{\partial J}{\partial Y} + 2 \lambda W \tag{H.26} \\
# \frac{\partial J}{\partial b} &= \mathbf 1^\top \frac{\partial J}{\partial Y} \tag{H.27} \\
# \frac{\partial J}{\partial X} &= \frac{\partial J}{\partial Y}\, W^\top \tag{H.28}
# \end{align} $$
#
# :::

# %% tags=["instructor"]
holds(layer(rng, "centring"), "H.24")
holds(layer(rng, "relu"), "H.25")
holds(layer(rng), "H.26")

# %% [markdown]
# ## The softmax and the loss, apart
#
# As layers of their own, the softmax needs a backward pass, and the loss ends the chain. Each row of the batch has its Jacobian (2.4); the
# error signal is multiplied with it, and because of its form no Jacobian has to be stored. For a row with scores $z$, probabilities $p$ and
# error signal $g = \partial L/\partial p$, all as columns,
#
# {{ equation 7.1 }}
#
# The loss is the mean cross-entropy (1.5) of *probabilities*. With the one-hot vectors $\Delta_i$ of (2.6),
#
# {{ equation 7.2 }}

# %%
K = 5
pull = column(rng.normal(size=K))
holds(World({"z": column(rng.normal(size=K)), "p": lambda at: special.softmax(at["z"]), "L": lambda at: np.sum(pull * np.sin(at["p"])),
             "g": lambda at: pull * np.cos(at["p"]), r"\mathbf 1": np.ones((K, 1))}), "7.1")  # fmt: skip
N, K = sizes(rng, 2)
labels = rng.integers(K, size=N)
apart = World({"N": N, "z": family(rng.normal(size=(N, K))), "p": lambda at: special.softmax(at["z"], axis=1), r"\Delta": family(np.eye(K)[labels]),
               "J": lambda at: -np.mean(np.log(at["p"][np.arange(N), labels, 0])), r"\mathbf 1": np.ones((K, 1))},
              indices={"i": N, "k": K})  # fmt: skip
holds(apart, "7.2")

# %% [markdown]
# ::: {.exercise #q7a-derivation}
#
# (In the last cell that step 4 speaks of, scores of 0 and 800 with the first as label go through both modules. The loss is `inf`, and its gradient
# at the scores `nan`; computed together, they are 800 and $(-1, 1)$.)
#
# {{ steps q7a-derivation }}
#
# :::
#
# {{ room 9 }}
#
# {{ answer q7a-derivation }}

# %% [markdown] tags=["instructor"]
# For one-hot rows, (7.2) inserted into (7.1) gives (2.5) again:
#
# $$ \frac{\partial J}{\partial z_i} = p_i \odot \Bigl( \frac{\partial J}{\partial p_i} - \bigl( p_i^\top \frac{\partial J}{\partial p_i} \bigr)\, \mathbf 1 \Bigr) = \frac1N ( p_i - \Delta_i ) \tag{H.29} $$
#
# ::: {.marking}
# **Marking (4 points).** One for each step. *Common:* the transpose of the Jacobian left out without a word (nothing off: it is symmetric). "Because of overflow" in step 4: what
# overflows is nothing, $e^{-800}$ *under*flows to 0 and its reciprocal does the rest (half a point).
# :::

# %% tags=["instructor"]
holds(apart)

# %% [markdown]
# ## A stack of any depth
#
# For $L$ layers, with rows $a^{(0)} = x$ and the activation $\phi$,
#
# {{ equation 4.1 }}
#
# {{ equation 4.2 }}
#
# With the probabilities $P$, a row for each sample, the cost is the mean cross-entropy and what every layer adds, $\text{penalty}_l = \lambda_l \lVert W^{(l)} \rVert^2$:
#
# {{ equation 5.3 }}

# %%
deep = stack(rng)
below = deep.with_(indices={"l": range(1, 3)})
holds(below, "4.1")
holds(deep, "4.2")
holds(deep, "5.3")

# %% [markdown] tags=["student"]
# ::: {.exercise}
#
# Let $\phi$ be the ReLU, and $\partial J/\partial a^{(l)}$ be known for a hidden layer $l$, a batch of rows. Write $\partial J/\partial a^{(l-1)}$ and
# $\partial J/\partial W^{(l)}$. Which two lines of code, in a loop, are back-propagation for any depth?
#
# :::
#
# {{ room 4 }}

# %% [markdown] tags=["instructor"]
# ::: {.answer}
#
# The mask, then the two matrix rules; the activation is positive where the pre-activation is:
#
# $$ \begin{align}
# \frac{\partial J}{\partial a^{(l-1)}} &= \Bigl( \frac{\partial J}{\partial a^{(l)}} \odot \mathbf 1[ a^{(l)} > 0 ] \Bigr) W^{(l)\top}, \quad l = 1, \dots, L - 1 \tag{H.30} \\
# \frac{\partial J}{\partial W^{(l)}} &= a^{(l-1)\top} \Bigl( \frac{\partial J}{\partial a^{(l)}} \odot \mathbf 1[ a^{(l)} > 0 ] \Bigr) + 2 \lambda_l W^{(l)}, \quad l = 1, \dots, L - 1 \tag{H.31}
# \end{align} $$
#
# :::

# %% tags=["instructor"]
holds(below)

# %% [markdown]
# ## Centring and scaling, folded into the first layer
#
# A network that was trained on $(x - m)/s$, with the mean $m$ and a number $s$ for the scale, can be handed in as one for raw $x$: its first layer takes both up.
#
# {{ equation 3.8 }}

# %%
D, H = sizes(rng, 2)
holds(
    World(
        {
            "x": row(rng.normal(size=D)),
            "m": row(rng.normal(size=D)),
            "s": 2.7,
            "W^{(1)}": rng.normal(size=(D, H)),
            "b^{(1)}": row(rng.normal(size=H)),
        }
    )
)
