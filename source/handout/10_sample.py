# %% [markdown]
# # One sample at a time
#
# Another network and another habit: a sigmoid in the hidden layer, and a step after every single sample. For one sample $x$, a row, with label $t$,
#
# {{ equation 6.1 }}
#
# {{ equation 6.2 }}
#
# where $\sigma$ acts on each entry:
#
# {{ equation 6.3 }}

# %%
sample = one_sample(rng)
holds(sample, "6.1")
holds(sample, "6.2")
z = rng.normal()
holds(World({"z": z}, {r"\sigma": lambda _at, z: special.expit(z)}), "6.3")
holds(World({"z": -z}, {r"\sigma": lambda _at, z: special.expit(z)}), "6.3")

# %% [markdown] tags=["student"]
# ::: {.exercise}
#
# Write the derivative of (6.3) with the value $\sigma(z)$ alone. Where is it largest, and what does that mean for a stack of ten such layers?
#
# :::
#
# {{ room 4 }}

# %% [markdown] tags=["instructor"]
# ::: {.answer}
#
# $$ \frac{\partial \sigma(z)}{\partial z} = \frac{e^{-z}}{(1 + e^{-z})^2} = \sigma(z)\, \bigl( 1 - \sigma(z) \bigr), \qquad 1 - \sigma(z) = \sigma(-z) \tag{H.37} $$
#
# It is largest at $z = 0$, where it is 1/4. Ten sigmoids pass on at most a millionth of a gradient, unless the weights are large.
#
# :::

# %% tags=["instructor"]
holds(World({"z": z}, {r"\sigma": lambda _at, z: special.expit(z)}))

# %% [markdown]
# ## Why softmax and cross-entropy are differentiated together
#
# The chain rule through the probabilities is right on paper. In the notebook it gives `nan` for scores of 0 and 800, if the label is the class with 0, where the formula for both
# together gives $(-1, 1)$; that is what step 4 speaks of.
#
# ::: {.exercise #q6a-derivation}
#
# {{ steps q6a-derivation }}
#
# :::
#
# {{ room 13 }}
#
# {{ answer q6a-derivation }}

# %% [markdown] tags=["instructor"]
# For any vector $\tau$, with $s = \sum_k \tau_k$:
#
# $$ \frac{\partial \ell}{\partial o_j} = \sum_{k} \Bigl( -\frac{\tau_k}{p_k} \Bigr) \frac{\partial p_k}{\partial o_j} = -\tau_j ( 1 - p_j ) + \sum_{k \ne j} \tau_k\, p_j = s\, p_j - \tau_j \tag{H.38} $$
#
# What overflows? Nothing is too large at first: $p_t = e^{-800}$ is too small, becomes 0, and $1/p_t$ is then infinite. Together, no quotient is left; and the loss
# comes from the scores, with $M = \max_k o_k$ taken out of the sum so that no exponential exceeds 1:
#
# $$ \ell = M - o_t + \log \sum_{k} e^{o_k - M} \tag{H.39} $$
#
# ::: {.marking}
# **Marking (6 points).** Step 1: 3, one for each derivative and one for the place where the cases meet. Steps 2, 3 and 4: one each. *Common:* the sum over $k$ left out, which gives $-\tau_j (1 - p_j)$ only (step 1: −1).
# Accept (2.4) as a matrix in place of the two cases.
# :::

# %% tags=["instructor"]
holds(one_sample(rng, target=lambda K: rng.uniform(size=K)), "H.38")
largest = {
    "M": lambda at: np.max(at["o"]),
    r"\ell": lambda at: special.logsumexp(at["o"]) - np.ravel(at["o"])[int(at["t"]) - 1],
}
holds(sample.with_(quantities=largest), "H.39")

# %% [markdown]
# ## All gradients of one sample
#
# Some authors write this network with columns: $z = W^\top x + b$ and $o = V^\top h + c$, with the same $W$ of shape $(D, H)$ and $V$ of shape $(H, K)$, for columns $x$, $z$, $h$, $o$, $p$ and $\tau$. That
# is neither of the two conventions of (H.3) and (H.4).

# %% [markdown] tags=["student"]
# ::: {.exercise}
#
# Write the gradients of $\ell$ with respect to $o$, $V$, $c$, $h$, $z$, $W$, $b$ and $x$ in this notation, for a one-hot $\tau$. Check each by its shape.
#
# :::
#
# {{ room 8 }}

# %% [markdown] tags=["instructor"]
# ::: {.answer}
#
# $$ \begin{align}
# \frac{\partial \ell}{\partial o} &= p - \tau \tag{H.40} \\
# \frac{\partial \ell}{\partial V} &= h \Bigl( \frac{\partial \ell}{\partial o} \Bigr)^\top, \qquad \frac{\partial \ell}{\partial c} = \frac{\partial \ell}{\partial o} \tag{H.41} \\
# \frac{\partial \ell}{\partial h} &= V\, \frac{\partial \ell}{\partial o} \tag{H.42} \\
# \frac{\partial \ell}{\partial z} &= \frac{\partial \ell}{\partial h} \odot h \odot ( \mathbf 1 - h ) \tag{H.43} \\
# \frac{\partial \ell}{\partial W} &= x \Bigl( \frac{\partial \ell}{\partial z} \Bigr)^\top, \qquad \frac{\partial \ell}{\partial b} = \frac{\partial \ell}{\partial z} \tag{H.44} \\
# \frac{\partial \ell}{\partial x} &= W\, \frac{\partial \ell}{\partial z} \tag{H.45}
# \end{align} $$
#
# With rows, as in (6.1), the outer products are $h^\top \partial\ell/\partial o$ and $x^\top \partial\ell/\partial z$, and the weights stand on the right, transposed: $\partial\ell/\partial o\; V^\top$.
#
# :::

# %% tags=["instructor"]
upright = one_sample(rng, columns=True)
holds(upright.with_(quantities={r"\mathbf 1": np.ones_like(upright.quantities["b"])}))

# %% [markdown]
# ## A sample or a batch
#
# After each sample every parameter takes a step (the arrow gives the left side a new value):
#
# {{ equation 6.4 }}
#
# $N$ single steps move the parameters about $N$ times as far as one step on a batch of $N$ at the same learning rate. The results differ, since each single
# step is taken where the one before ended. For the batch the gradient of the mean loss is the mean of the samples' gradients:
#
# $$ \frac{\partial J}{\partial V} = \frac1N \sum_{n=1}^{N} \frac{\partial \ell_n}{\partial V} \tag{H.46} $$

# %%
#: With half the inverse of its curvature as learning rate one step leads to the lowest point of a bowl.
bowl = World({r"\theta": (theta := column(rng.normal(size=4))), r"\alpha": 0.5, r"\ell": lambda at: np.sum((at[r"\theta"] - 1.0) ** 2)},
             after={r"\theta": np.ones_like(theta)})  # fmt: skip
holds(bowl, "6.4")
holds(samples(rng), "H.46")

# %% [markdown] tags=["student"]
# ::: {.exercise}
#
# Write (H.46), and the gradient of $c$, as products of matrices that hold a row for each sample. Where has the sum over the samples gone?
#
# :::
#
# {{ room 4 }}

# %% [markdown] tags=["instructor"]
# ::: {.answer}
#
# With the rows $h_n$, $p_n$ and $\tau_n$ stacked as $\mathbf H$, $\mathbf P$ and $\mathbf T$, it is the inner index of the product:
#
# $$ \begin{align}
# \frac{\partial J}{\partial V} &= \frac1N \sum_{n=1}^{N} h_n^\top ( p_n - \tau_n ) = \frac1N \mathbf H^\top ( \mathbf P - \mathbf T ) \tag{H.47} \\
# \frac{\partial J}{\partial c} &= \frac1N \mathbf 1^\top ( \mathbf P - \mathbf T ) \tag{H.48}
# \end{align} $$
#
# :::

# %% tags=["instructor"]
holds(samples(rng))
